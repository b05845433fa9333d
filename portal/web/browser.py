"""The browser's own cookie: an id that outlives sign-in and sign-out, so that form tokens can be bound to it."""

import hashlib
import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from portal import settings
from portal.ids import new_token
from portal.once import LIFE

PEOPLE = 12
Connection = ASGIConnection[Any, Any, Any, Any]


def cookie_name(name: str) -> str:
    """A cookie bound to this host and https, where people come by https."""
    return f"__Host-{name}" if settings.current().secure else name


def known(connection: Connection) -> str:
    """The id of the browser, or nothing if it has none of our making."""
    identity, _, signature = connection.cookies.get(cookie_name("browser"), "").partition(".")
    return identity if identity and _same(signature, _signature(identity)) else ""


def identity(connection: Connection) -> str:
    """The id of the browser; a new one is remembered for the answer to this request."""
    state = connection.scope["state"]
    if "browser" not in state:
        state["browser"] = known(connection) or new_token()
    return str(state["browser"])


def proof_of(username: str) -> str:
    """What a browser keeps that has signed in as somebody: others who try that name do not lock this browser out."""
    return hmac.new(settings.current().secret_key, f"known\0{username}".encode(), hashlib.sha256).hexdigest()[:32]


def has_been(connection: Connection, username: str) -> bool:
    """Whether this browser has signed in as that person before."""
    return any(_same(proof, proof_of(username)) for proof in _proofs(connection))


def remembered(connection: Connection, username: str) -> str:
    """The proofs of the last people at this browser, this one first: a shared tablet has several."""
    mine = proof_of(username)
    return ".".join([mine, *(proof for proof in _proofs(connection) if proof != mine)][:PEOPLE])


def _proofs(connection: Connection) -> list[str]:
    return connection.cookies.get(cookie_name("known"), "").split(".")[:PEOPLE]


def cookie(identity_: str) -> Cookie:
    """The cookie that keeps an id as long as the form tokens that are bound to it live."""
    return kept("browser", f"{identity_}.{_signature(identity_)}", seconds=int(LIFE.total_seconds()))


def kept(name: str, value: str, *, seconds: int | None = None) -> Cookie:
    """A cookie as all of ours are; without seconds it ends with the browser's session, with 0 at once."""
    return Cookie(
        key=cookie_name(name), value=value, max_age=seconds, path="/", httponly=True, samesite="lax",
        secure=settings.current().secure,
    )  # fmt: skip


def plain(name: str, value: str, *, seconds: int) -> Cookie:
    """A cookie that holds no secret and has no prefix, so that its name is the same everywhere."""
    return Cookie(key=name, value=value, max_age=seconds, path="/", httponly=True, samesite="lax",
                  secure=settings.current().secure)  # fmt: skip


def _signature(identity_: str) -> str:
    return hmac.new(settings.current().secret_key, f"browser\0{identity_}".encode(), hashlib.sha256).hexdigest()[:32]


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
