"""The doors of bookings: the visitor's pages, the desk's agenda, and what comes after."""
