"""The laws of bookings: when there is room (slots), and what is done with them (way)."""
