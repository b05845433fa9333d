"""A complaint as its customer sees it (customer), and as staff see it (staff)."""
