"""The rules by which a failure is explained, a module for each kind."""
