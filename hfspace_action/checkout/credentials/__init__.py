"""Credentials that were left in files, found before anything is sent. No value leaves this package."""
