"""What a product complaint is checked against before anybody investigates it."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import database, sealing
from portal.domain.complaints.forms.filing import NewComplaint
from portal.domain.complaints.forms.handling import Triage
from portal.domain.complaints.tables import Product, ReturnNote
from portal.errors import Invalid
from portal.i18n.translations import _


async def keep(item: UUID, form: NewComplaint | Triage) -> None:
    """Keep order, part, quantity and day of shipping of a product complaint; all four must be known (CMP-06).

    What was said before and is not said again stays. Part of another deed, which holds the item's row.
    """
    said: dict[Column | str, Any] = {
        name: value for name in ("order_no", "part_no", "quantity", "shipped_on") if (value := getattr(form, name))
    }
    there = await Product.exists().where(Product.id == item)
    if not there and len(said) < 4:
        told = _("A product complaint is checked against this: please fill it in")
        raise Invalid({name: told for name in ("order_no", "part_no", "quantity", "shipped_on") if name not in said})
    said |= {name: sealing.seal(said[name], f"product.{name}:{item}") for name in ("order_no", "part_no") if name in said}
    if not there:
        await database.insert(Product, {"id": item, "item": item} | {str(name): value for name, value in said.items()})
    elif said:
        await Product.update(said).where(Product.id == item)


async def leave(item: UUID) -> None:
    """It is something else after all; what has a return note stays a product complaint."""
    if await ReturnNote.exists().where(ReturnNote.item == item):
        raise Invalid({"kind": _("There is a return note: it stays a product complaint.")})
