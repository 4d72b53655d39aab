"""What the live Hub does where localhub only assumes it: one run that asks, and a comparison of what was answered."""
