"""What came of a try to send: a state of the outbox and a code, never an answer's words, which may hold an address."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`sent`; or not, and then whether another try can help."""

    sent: bool
    outcome: str = ""
    final: bool = False


SENT = Result(sent=True)


def later(outcome: str) -> Result:
    """Not now: the network, a server that is busy, or a password of the installation that is wrong."""
    return Result(sent=False, outcome=outcome)


def never(outcome: str) -> Result:
    """Refused for good: the same message will not be taken later either."""
    return Result(sent=False, outcome=outcome, final=True)
