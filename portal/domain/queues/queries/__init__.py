"""Questions about work items: the queue and its cards (items), what was written (words), who works here (people)."""
