"""The places that a deploy may run at: CI systems and a plain terminal, each with its variables and its way to show a log."""
