"""What a deploy costs, measured against the other ways to put a folder on a Space: `make bench`."""
