"""The deeds of arrivals."""
