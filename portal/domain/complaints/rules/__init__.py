"""The laws of complaints: what is done with them (way), until when (promises), and who sees what (rights)."""
