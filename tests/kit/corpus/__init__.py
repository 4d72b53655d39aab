"""Logs of failures that real tools made, each with the cause that it should be explained by. See make.py."""
