"""The laws of a site: what it may decide for itself (settings), and when it is open (calendar, holidays)."""
