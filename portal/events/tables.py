"""Events and deliveries."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref


class Event(Table):
    """Something happened. Only ids and codes, never typed text or personal data; triggers refuse change and removal.

    `subject` is the id of the row it happened to, `by` the account that did it (none: a customer or the portal itself,
    told apart by `actor`), `particulars` a JSON object of codes.
    """

    id = key()
    kind = Varchar(length=60)
    site = UUID(null=True, default=None)
    subject = UUID(index=True, default=None)
    actor = Varchar(length=10)
    by = UUID(null=True, default=None)
    at = Timestamptz(default=None)
    particulars = Text()


class Delivery(Table):
    """Somebody is to be told of an event by a channel, once; the row is what is retried, the event never changes."""

    id = key()
    event = ref(Event)
    recipient = UUID(default=None)
    channel = Varchar(length=10)
    tries = Integer(default=0)
    due_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)

    delivery_once = Unique([event, recipient, channel])
