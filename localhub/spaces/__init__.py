"""The lives of Spaces: settings, stages, logs, builds, running apps."""
