"""The Space's card: the README's front matter, completed from the files."""
