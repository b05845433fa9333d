"""What happened: an insert-only record, written in each deed's own transaction, and the deliveries that follow from it."""
