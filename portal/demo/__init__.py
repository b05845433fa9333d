"""The demonstration: four sites with their staff and a few hundred believable complaints."""
