"""Deploys a checked-out repository to a Hugging Face Space and reports what the Hub says of it."""

__version__ = "1.0.0"
