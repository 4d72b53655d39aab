"""Repositories as they are kept: git objects, large files, the card."""
