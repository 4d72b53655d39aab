"""A Hugging Face Hub for one machine."""

from localhub import paths as paths  # noqa: PLC0414 - registers the path convertors that every module of routes uses
