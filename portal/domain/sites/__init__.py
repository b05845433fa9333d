"""A site of the organisation (hotel, restaurant, tower, showroom), its places, its categories and its settings."""
