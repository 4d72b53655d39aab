"""A Space's settings: which differ from those that are wanted, which go together, and how they are changed."""
