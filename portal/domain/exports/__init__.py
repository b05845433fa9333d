"""Exports: tables that are too long, or too personal, to be handed out at once; made in the background, for one person."""
