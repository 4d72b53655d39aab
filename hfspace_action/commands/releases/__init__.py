"""Releases: the deploys that went live, each with a tag on the Space, and the way back to one."""
