"""Doors for the clock: what is done because time has passed, and the worker that does it."""
