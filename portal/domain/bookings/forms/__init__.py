"""What may be typed about a booking."""
