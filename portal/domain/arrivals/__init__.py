"""Arrivals (HALL): who has come, with a booking or without, waits, is called, and served."""
