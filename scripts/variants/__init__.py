"""What the Action promises, kept on every Hub that the live one may be: promises × variants of localhub."""
