"""Photos that belong to a work item."""

from piccolo.columns import UUID, Integer, Timestamptz
from piccolo.table import Table

from portal.columns import key


class Photo(Table):
    """A photo's row, named like its two sealed files. `subject` is the work item, `entry` the words it came with.

    One that was shown again at another item has the `file` of the first.
    """

    id = key()
    site = UUID(default=None)
    subject = UUID(index=True, default=None)
    entry = UUID(default=None)
    file = UUID(null=True, default=None)
    width = Integer()
    height = Integer()
    at = Timestamptz(default=None)
