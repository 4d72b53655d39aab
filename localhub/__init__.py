"""A Hugging Face Hub for one machine."""

from . import addresses as addresses  # registers the path convertors that every module of routes uses
