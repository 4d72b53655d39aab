"""Apps of frameworks that are no SDK of Spaces, and the Dockerfiles with which they run."""
