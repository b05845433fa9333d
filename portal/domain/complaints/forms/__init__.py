"""What may be typed about a complaint."""
