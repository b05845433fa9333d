"""Columns as every table of the house has them."""

from typing import Any

from piccolo.columns import UUID, ForeignKey
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.table import Table


def key() -> UUID:
    """A primary key that the application makes (portal.ids.new_id) before the insert, so that fields can be sealed to it."""
    return UUID(primary_key=True, default=None)


def ref(table: type[Table] | str, *, null: bool = False, **more: Any) -> ForeignKey[Any]:
    """A reference that forbids deleting what it points to, with an index (Piccolo's own would cascade, without one).

    "self" is the table it stands in.
    """
    return ForeignKey(
        table, null=null, default=None, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, **{"index": True, **more}
    )
