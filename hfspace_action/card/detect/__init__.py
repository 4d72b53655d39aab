"""What kind of Space a folder makes: evidence from its files, scored, and the best of it."""
