"""What several commands do: watch a Space, and find out why it does not run."""
