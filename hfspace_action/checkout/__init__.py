"""What was checked out: the files to deploy, as git knows them."""
