"""What the tests of localhub share."""
