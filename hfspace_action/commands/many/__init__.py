"""The commands that are about all Spaces of spaces.yaml."""
