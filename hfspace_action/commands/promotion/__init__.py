"""The input `through`: a Space for staging that a deploy goes to first."""
