"""Doors for the operator: the `portal` command, one file a word."""
