"""The deeds of a complaint: filing, handling (the staff's), following (the customer's), minding (the clock's)."""
