"""What the input `command` can name: each is a story, told from top to bottom."""
