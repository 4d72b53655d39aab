"""hf-space-deploy on a command line: the same step, with its inputs as options."""
