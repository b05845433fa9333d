"""Deeds of exports: asking for one and deciding about it (asking), making it (making), and its file (files)."""
