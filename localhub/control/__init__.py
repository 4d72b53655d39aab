"""What a test may ask of its Hub: faults, scripts, identities, a record of all requests."""
