"""How a run with many Spaces is shown."""
