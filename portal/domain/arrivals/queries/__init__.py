"""Questions about arrivals."""
