"""What the documentation is made of, for the tests that hold it to be so."""
