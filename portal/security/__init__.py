"""Who you are, what you may ask, and how often."""
