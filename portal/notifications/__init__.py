"""Doors outward: who hears what outside the portal, in which words, and the channels that carry it."""
