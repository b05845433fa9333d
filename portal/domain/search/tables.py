"""What the index of words still lacks.

The index itself is the table `posting`, which a migration makes by hand, since no column declares a key of two: a token, an
item that has it, and in which kinds of its entries (rules.BITS). A token is keyed, so that no word stands in it.
"""

from piccolo.table import Table

from portal.columns import key


class Unindexed(Table):
    """An entry whose words are in no index yet; a trigger writes it with the entry, so that none is forgotten."""

    id = key()
