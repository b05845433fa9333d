"""The laws of arrivals: who is called when (ranking), and what is done with them (way)."""
