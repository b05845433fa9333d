"""What a site decides for itself: its settings, its places, its categories, its opening times."""
