"""Patterns of files, as `include`, `exclude` and `keep` write them: what they match, and what one that matches nothing means."""
