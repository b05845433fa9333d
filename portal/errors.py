"""What can go wrong, in words that a person may read; web/errors.py turns each into its page."""


class PortalError(Exception):
    """A refusal with a sentence for the person who asked, already in that person's language."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(PortalError):
    """The thing does not exist, or not for this person (404)."""


class SignedOut(PortalError):
    """Nobody is signed in, and somebody must be (303 to the sign-in)."""


class Forbidden(PortalError):
    """A deed that this person's role never has, or a form that is not this browser's (403)."""


class Expired(Forbidden):
    """A form that is missing its token, too old, or another browser's or person's (403)."""


class Conflict(PortalError):
    """The state of the thing forbids the deed now, or somebody else was first (409)."""


class Invalid(PortalError):
    """What was typed cannot be taken (422); `fields` says why, by field name."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields


class TooLarge(PortalError):
    """More was sent than is taken (413)."""


class TooMany(PortalError):
    """Too many tries (429): the next is taken in `retry_after` seconds; `first` is the first that was too many."""

    def __init__(self, message: str, *, retry_after: int, first: bool = False) -> None:
        super().__init__(message)
        self.retry_after, self.first = retry_after, first


class Unavailable(PortalError):
    """The database does not answer (503)."""
