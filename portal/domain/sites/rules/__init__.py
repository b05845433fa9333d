"""The laws of a site: what it may decide (settings), when it is open (calendar, holidays), which day it is there (days)."""
