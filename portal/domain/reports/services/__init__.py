"""Keeping the facts that figures are counted from."""
