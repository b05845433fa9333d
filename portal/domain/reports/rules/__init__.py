"""The laws of figures: which days a range is, what is counted, and what a report says."""
