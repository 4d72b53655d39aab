"""Old workflows that deploy to a Space, and the step that does the same with this action. Nothing here asks a network."""
