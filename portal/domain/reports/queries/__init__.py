"""The figures of a range, and the records behind each."""
