"""What is done with work items: by people (deeds), and with the time that passes (clocks)."""
