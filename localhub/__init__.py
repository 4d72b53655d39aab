"""A Hugging Face Hub for one machine."""

from localhub import paths as paths  # registers the path convertors that every module of routes uses
