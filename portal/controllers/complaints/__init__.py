"""The doors of complaints: the customer's and the desk's."""
