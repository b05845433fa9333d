"""Complaints and their kin (CMP): from a customer's words to an answer that the customer accepts or rejects."""
