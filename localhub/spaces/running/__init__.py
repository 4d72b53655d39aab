"""Programs of builds and apps: their processes, what they find in their environment, whether they answer."""
