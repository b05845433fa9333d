"""The front door of every request: whose host it names, which language it speaks, and the headers no answer goes without."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal import settings
from portal.i18n import formats, translations

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Front:
    """Wraps the whole application, so that an unknown address and a failure are answered like everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        wanted = {**HEADERS, **(HSTS if settings.current().secure else {})}
        self.headers = [(name.lower().encode(), value.encode()) for name, value in wanted.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await self.app(scope, receive, send)
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            # Nothing of ours holds a NUL, and PostgreSQL takes none: an address that is nowhere.
            scope = {**scope, "path": "/\N{REPLACEMENT CHARACTER}", "raw_path": b"/%EF%BF%BD", "query_string": b""}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _value in message["headers"]}
                missing = [item for item in self.headers if item[0] not in present]
                kept = [] if b"cache-control" in present else [(b"cache-control", b"no-store")]
                message["headers"] = [*message["headers"], *missing, *kept]
            await send(message)

        headers = dict(scope["headers"])
        if headers.get(b"host", b"").decode("latin-1") not in settings.current().hosts:
            return await _refuse(with_headers)
        translations.set_language(_language(headers))
        formats.set_zone("Asia/Shanghai")
        await self.app(scope, receive, with_headers)
        return None


def _language(headers: dict[bytes, bytes]) -> str:
    """What the person chose; else what the browser prefers of the two."""
    for item in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _mark, chosen = item.strip().partition("=")
        if name == "lang" and chosen in translations.LANGUAGES:
            return chosen
    return translations.negotiated(headers.get(b"accept-language", b"").decode("latin-1"))


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"Unknown host.", "more_body": False})
