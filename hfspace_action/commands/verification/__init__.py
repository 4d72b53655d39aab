"""The command `verify`: a Space held against a checkout, and the receipt of that."""
