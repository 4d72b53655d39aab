"""The step's inputs, from text to one checked, frozen `Inputs`."""
