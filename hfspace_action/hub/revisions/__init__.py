"""What a Space held before: its commits, and the tags that name some of them."""
