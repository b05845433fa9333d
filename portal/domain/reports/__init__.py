"""Figures that people can trust: what is counted of complaints, asked for by range, each with the records behind it."""
