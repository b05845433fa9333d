"""The doors of arrivals: for those who come, for who calls and serves them, and for who needs help."""
