"""Why a Space does not run: its files and its log as the Hub has them, and what they show."""
