"""What came of a try to send: a state of the outbox and a code, never an answer's words, which may hold an address."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`sent`; or not, and then for good (`final`), or because the channel is in trouble, not this message (`trouble`)."""

    sent: bool
    outcome: str = ""
    final: bool = False
    trouble: bool = False


SENT = Result(sent=True)


def later(outcome: str) -> Result:
    """Not now, for a reason that is this message's own."""
    return Result(sent=False, outcome=outcome)


def trouble(outcome: str) -> Result:
    """Not now, nor any other: the network, a server that is busy, or a password of the installation that is wrong."""
    return Result(sent=False, outcome=outcome, trouble=True)


def never(outcome: str) -> Result:
    """Refused for good: the same message will not be taken later either."""
    return Result(sent=False, outcome=outcome, final=True)
