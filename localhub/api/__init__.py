"""The Hub's routes, a module for each subject."""
