"""The workflow run around the step: its runner, its commit, its id token, GitHub's API."""
