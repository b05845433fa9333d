"""Work items: all that waits for a person, whatever its kind, with its owner, its state, its clocks and its words."""
