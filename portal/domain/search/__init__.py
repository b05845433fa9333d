"""Finding an item again: by its number, its place, its words, or the guest's phone."""
