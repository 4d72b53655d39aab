"""What will fail, as far as the files show it, before anything is sent: the twins of those rules of `explain` that need no log.

A rule is a function from a `Tree` to `Finding`s. A certain one stops the deploy, so it must hold for every builder and every
app; all that is only probable is a warning.
"""

from .foresee import Foresight, foresee
from .tree import Finding, Tree

__all__ = ["Finding", "Foresight", "Tree", "foresee"]
