"""spaces.yaml: many Spaces of one repository, declared in one file."""
