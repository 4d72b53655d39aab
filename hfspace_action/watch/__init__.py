"""From a published commit to a verdict: stages, logs, the app's own answer."""
