"""Questions about exports: the files of one person (files), and the contacts that one of them may hold (contacts)."""
