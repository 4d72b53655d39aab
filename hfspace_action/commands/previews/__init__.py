"""Preview Spaces: their names and marks, how many there may be, how they go, and what GitHub shows of them."""
