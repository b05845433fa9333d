"""What may be typed about arrivals: by who comes (coming), and by who calls and serves (serving)."""
