"""Tables that leave the house as files: typed columns, endless rows, written as CSV or XLSX while they are read."""
