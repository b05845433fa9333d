"""The doors of arrivals: of who comes (customer), and of who calls."""
