"""Who asks the Hub: the account of a token, a trusted publisher, and tokens for one Space."""
