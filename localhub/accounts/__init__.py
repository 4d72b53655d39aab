"""Who there is and what they may do: plans, tokens, publishers, limits."""
