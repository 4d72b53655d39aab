"""What a deploy meets beside faults of the Hub: the end of its process, other deploys, strangers, and texts that mean harm."""
