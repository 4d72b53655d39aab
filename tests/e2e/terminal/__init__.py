"""The program hf-space-deploy: in a terminal, as a wheel, and in CI systems beside GitHub."""
