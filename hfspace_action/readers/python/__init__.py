"""What Python code says, parsed and never run: its calls, how it starts an app, what kind of app it has."""
