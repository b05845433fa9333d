"""The deeds of bookings: reserving room, booking."""
