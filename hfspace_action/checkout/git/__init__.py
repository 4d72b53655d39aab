"""What git knows of a checkout, read without running git, a filter or a hook."""
