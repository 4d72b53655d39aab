"""What is not ours on the Space: kept, named, or told before it goes."""
