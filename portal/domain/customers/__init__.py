"""The people the organisation serves: one person per phone number, seen at a site once they have had to do with it."""
