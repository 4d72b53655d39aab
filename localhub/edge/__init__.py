"""Where Spaces answer their visitors."""
