"""Bookings (VIS): what a site offers, who comes when, and what is prepared for them and kept afterwards."""
