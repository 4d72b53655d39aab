"""Programs of ours as processes, forked from one that has their modules loaded."""
