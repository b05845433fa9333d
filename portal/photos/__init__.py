"""Photos people send: cleaned of all but their pixels, sealed, and kept on disk."""
