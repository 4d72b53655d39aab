"""The command `watch`: how Spaces stand, an issue for each that needs attention, and the cure where one is allowed."""
