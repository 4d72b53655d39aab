"""What the files of a folder say, each kind read as its own program reads it."""
