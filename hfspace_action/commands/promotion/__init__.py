"""Staging, then production: `through`, a Space for staging that a deploy goes to first, and the command `promote`."""
