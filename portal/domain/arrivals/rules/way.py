"""The way of an arrival: its deeds in one table."""

from datetime import timedelta

from portal.domain.accounts.tables import Role
from portal.domain.arrivals.tables import State
from portal.domain.queues.rules import DEPARTMENTS, Deed, Whose

LINE = "arrivals"
KIND = "arrival"
CALLERS = frozenset({Role.DESK, Role.SALES, Role.MANAGER})
READERS = CALLERS | {Role.AUDITOR}
CUSTOMER: frozenset[Role] = frozenset()
ENDED = frozenset({State.DONE, State.LEFT})
SERVED = frozenset({State.SERVING, State.PARKED, State.DONE})
MOST_CALLS = 4  # called, and recalled three times
MINUTE = timedelta(minutes=1)
LONGEST_AFTER = 240  # minutes; who comes back later takes a new number


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
        _deed("call", _of(State.WAITING), State.CALLED, CALLERS, ("window",), "arrival.called", "visitor"),
        _deed("call out of turn", _of(State.WAITING, State.PARKED), State.CALLED, CALLERS, ("window", "reason"),
              "arrival.called", "visitor"),
        _deed("recall", _of(State.CALLED), None, CALLERS, (), "arrival.recalled", "visitor"),
        _deed("serving", _of(State.CALLED), State.SERVING, CALLERS, (), "arrival.served"),
        _deed("park", _of(State.CALLED, State.SERVING), State.PARKED, CALLERS, (), "arrival.parked"),
        _deed("transfer", _of(State.WAITING, State.CALLED, State.SERVING, State.PARKED), State.WAITING, CALLERS, ("to",),
              "arrival.transferred"),
        _deed("return", _of(State.CALLED, State.PARKED, State.NO_SHOW), State.WAITING, CALLERS, (), "arrival.returned"),
        _deed("no-show", _of(State.CALLED, State.PARKED), State.NO_SHOW, CALLERS, (), "arrival.no-show"),
        _deed("finish", _of(State.SERVING), State.DONE, CALLERS, (), "arrival.finished"),
        Deed("undo", _of(State.DONE), State.SERVING, CALLERS, Whose.OWN, (), "arrival.finish-undone"),
        _deed("host", _of(State.WAITING, State.CALLED, State.PARKED), None, CALLERS, (), "arrival.host-contacted"),
        _deed("record", SERVED, None, CALLERS, ("greeted", "need"), "arrival.recorded"),
        _deed("papers", SERVED, None, CALLERS, ("missing",), "arrival.papers-asked"),
        _deed("task done", frozenset(State), None, DEPARTMENTS, (), "item.task-done", "owner"),
        _deed("task refusal", frozenset(State), None, DEPARTMENTS, ("reason",), "item.task-refused", "owner"),
        _deed("delay", _of(State.WAITING), None, CUSTOMER, (), "arrival.delayed"),
        _deed("leaving", _of(State.WAITING, State.CALLED, State.PARKED), State.LEFT, CUSTOMER, (), "arrival.left"),
        # The end of the day: who was with somebody is done, who still waits has left.
        _deed("lapse", _of(State.WAITING, State.CALLED, State.PARKED), State.LEFT, CUSTOMER, (), "arrival.lapsed"),
        _deed("lapse served", _of(State.SERVING), State.DONE, CUSTOMER, (), "arrival.lapsed"),
    )
}  # fmt: skip
