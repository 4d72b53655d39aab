"""How content arrives: commits, large files, git's own push, and what is refused on the way."""
