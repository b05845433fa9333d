"""Events and deliveries."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref

DESK = "desk"
WAITING, SENT, OFF, DEAD = "waiting", "sent", "off", "dead"


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
    """Somebody is to be told of an event by a channel, once; the row is what is retried, the event never changes.

    A notice on a desk has a recipient (the account) and no more. What leaves the house has a state too: `recipient` is the
    account, or the complaint whose customer hears; the address is looked up when it is sent. `due_at` is when it may be
    sent next: whoever takes it moves that on, and holds it until then. `outcome` is a code, never an answer's words.
    """

    id = key()
    event = ref(Event)
    recipient = UUID(default=None)
    channel = Varchar(length=10)
    tries = Integer(default=0)
    due_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    site = UUID(null=True, default=None)
    audience = Varchar(length=10, default="")
    state = Varchar(length=10, default="")
    outcome = Varchar(length=30, default="")

    delivery_once = Unique([event, recipient, channel])


class Heard(Table):
    """An event whose messages are in the outbox, or that has none; the id is the event's. Kept until nobody asks again."""

    id = key()
