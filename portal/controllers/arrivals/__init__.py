"""The doors of arrivals: the visitor's and the desk's."""
