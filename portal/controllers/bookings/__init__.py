"""The doors of bookings: the visitor's and the desk's."""
