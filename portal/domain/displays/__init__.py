"""Displays on a wall: what is open in a queue, by number and place, on a screen that nobody is signed in at."""
