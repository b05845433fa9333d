"""Keqing (客情), the portal for houses that live by how they treat people."""

import sys

import pysqlite3

# Old system libraries carry the WAL-reset corruption race (SQLite 3.7.0 to 3.51.2); this one bundles a mended SQLite,
# and must stand in before anything imports sqlite3.
sys.modules["sqlite3"] = pysqlite3
