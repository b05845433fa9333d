"""What is done with work items: by people (deeds, escalating, absences), and with the time that passes (clocks, ladder,
tracking, digest)."""
