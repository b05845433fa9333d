"""Questions about bookings: what is free (times), one of them (one)."""
