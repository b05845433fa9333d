"""The way of a booking: its deeds in one table."""

from portal.domain.accounts.tables import Role
from portal.domain.bookings.tables import State
from portal.domain.queues.rules import DEPARTMENTS, Deed, Whose

LINE = "bookings"
KIND = "booking"
# Who receives visitors and keeps their book; an auditor reads it.
RECEIVERS = frozenset({Role.DESK, Role.SALES, Role.MANAGER})
READERS = RECEIVERS | {Role.AUDITOR}
CUSTOMER: frozenset[Role] = frozenset()
# What stands in the book and is still to come.
AGREED = frozenset({State.CONFIRMED, State.PREPARED, State.READY, State.CHANGED})
COMING = AGREED | {State.REQUESTED, State.PROPOSED}
# What counts as open for one phone: it is still to come, or waits for a place.
OPEN = COMING | {State.WAITING}
HERE = frozenset({State.ARRIVED, State.RECEPTION})
CAME = HERE | {State.SEEN_OFF, State.SUMMARISED}
OVER = frozenset({State.SUMMARISED, State.DECLINED, State.CANCELLED, State.NO_SHOW})


def _deed(
    name: str, before: frozenset[State], after: State | None, roles: frozenset[Role], needs: tuple[str, ...], event: str,
    told: str = "",
) -> Deed:  # fmt: skip
    return Deed(name, frozenset(before), after, roles, Whose.ANY, needs, event, told)


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


DEEDS = {
    deed.name: deed
    for deed in (
        _deed("confirmation", _of(State.REQUESTED, State.PROPOSED), State.CONFIRMED, RECEIVERS, ("place", "person"),
              "booking.confirmed", "customer"),
        _deed("decline", _of(State.REQUESTED, State.PROPOSED, State.WAITING), State.DECLINED, RECEIVERS, ("reason",),
              "booking.declined", "customer"),
        _deed("proposal", _of(State.REQUESTED, State.PROPOSED), State.PROPOSED, RECEIVERS, ("day", "time"),
              "booking.proposed", "customer"),
        _deed("change", AGREED, State.CHANGED, RECEIVERS, ("reason",), "booking.change-asked", "customer"),
        _deed("preparation", _of(State.CONFIRMED, State.PREPARED, State.READY), None, RECEIVERS, (),
              "booking.preparation-noted"),
        _deed("prepared", _of(State.CONFIRMED), State.PREPARED, RECEIVERS, (), "booking.prepared"),
        _deed("not prepared", _of(State.PREPARED), State.CONFIRMED, RECEIVERS, (), "booking.not-prepared"),
        _deed("ready", _of(State.CONFIRMED, State.PREPARED), State.READY, RECEIVERS, (), "booking.desk-ready"),
        _deed("arrival", AGREED, State.ARRIVED, RECEIVERS, (), "booking.arrived"),
        _deed("arrival undone", _of(State.ARRIVED), None, RECEIVERS, (), "item.undone"),
        _deed("check-in", AGREED, State.ARRIVED, CUSTOMER, (), "booking.arrived"),
        _deed("reception", _of(State.ARRIVED), State.RECEPTION, RECEIVERS, (), "booking.received"),
        _deed("background", COMING | CAME, None, RECEIVERS, (), "booking.background-noted"),
        _deed("papers", COMING | HERE, None, RECEIVERS, ("missing",), "booking.papers-asked"),
        _deed("note", HERE | {State.SEEN_OFF}, None, RECEIVERS, ("needs, opinions or facts",), "booking.noted",
              "managers where the desk cannot help"),
        _deed("follow-up", CAME, None, RECEIVERS, ("department", "owner", "due_at", "body"), "item.task-added",
              "whoever is named"),
        _deed("task done", frozenset(State), None, DEPARTMENTS, (), "item.task-done", "owner"),
        _deed("task refusal", frozenset(State), None, DEPARTMENTS, ("reason",), "item.task-refused", "owner"),
        _deed("negotiation", CAME, None, RECEIVERS, ("day", "time"), "booking.negotiation-arranged"),
        _deed("satisfaction", HERE, State.SEEN_OFF, RECEIVERS, ("satisfied",), "booking.seen-off",
              "managers where not satisfied"),
        _deed("summary", _of(State.SEEN_OFF), State.SUMMARISED, RECEIVERS, ("summary",), "booking.summarised"),
        _deed("no-show", AGREED, State.NO_SHOW, RECEIVERS, (), "booking.no-show"),
        _deed("withdrawal", OPEN, State.CANCELLED, RECEIVERS, ("reason",), "booking.withdrawn", "customer"),
        _deed("cancellation", OPEN, State.CANCELLED, CUSTOMER, (), "booking.cancelled", "owner"),
        _deed("move", COMING - {State.PROPOSED, State.CHANGED}, None, CUSTOMER, ("day", "time"), "booking.moved", "owner"),
        _deed("offer", _of(State.WAITING), None, CUSTOMER, (), "booking.offered", "customer"),
        _deed("offer taken", _of(State.WAITING), State.REQUESTED, CUSTOMER, (), "booking.offer-taken", "desk"),
        _deed("offer taken by itself", _of(State.WAITING), State.CONFIRMED, CUSTOMER, (), "booking.offer-taken"),
        _deed("offer refused", _of(State.WAITING), None, CUSTOMER, (), "booking.offer-refused"),
        _deed("offer lapsed", _of(State.WAITING), None, CUSTOMER, (), "booking.offer-lapsed"),
        _deed("waiting over", _of(State.WAITING), State.DECLINED, CUSTOMER, (), "booking.waiting-over"),
        _deed("proposal taken", _of(State.PROPOSED), State.REQUESTED, CUSTOMER, (), "booking.proposal-taken", "owner"),
        _deed("proposal taken by itself", _of(State.PROPOSED), State.CONFIRMED, CUSTOMER, (), "booking.proposal-taken",
              "owner"),
        _deed("proposal refused", _of(State.PROPOSED), State.REQUESTED, CUSTOMER, (), "booking.proposal-refused", "owner"),
        _deed("proposal unanswered", _of(State.PROPOSED), State.REQUESTED, CUSTOMER, (), "booking.proposal-unanswered",
              "desk"),
        _deed("change taken", _of(State.CHANGED), State.CONFIRMED, CUSTOMER, (), "booking.change-taken", "owner"),
        _deed("change refused", _of(State.CHANGED), State.CONFIRMED, CUSTOMER, (), "booking.change-refused", "owner"),
        _deed("change unanswered", _of(State.CHANGED), State.CONFIRMED, CUSTOMER, (), "booking.change-unanswered", "desk"),
        _deed("lapse", _of(State.REQUESTED), State.DECLINED, CUSTOMER, (), "booking.lapsed", "manager"),
        _deed("absence", AGREED, State.NO_SHOW, CUSTOMER, (), "booking.released"),
    )
}  # fmt: skip
