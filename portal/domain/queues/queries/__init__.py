"""Questions about work items: the queue and its cards (items), what was written (words), who was told (escalations), who
works here (people), and who is away (absences)."""
