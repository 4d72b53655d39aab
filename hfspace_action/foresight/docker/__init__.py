"""What a Dockerfile shows: whether a builder can read it, and whether its build and its start find what they need."""

from . import copies, images, ports, scripts, start, syntax

RULES = (*syntax.RULES, *copies.RULES, *images.RULES, *start.RULES, *scripts.RULES, *ports.RULES)
