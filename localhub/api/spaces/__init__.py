"""The routes of Spaces alone."""
