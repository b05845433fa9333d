"""Who asks, and from where."""

from typing import Any, TypeAlias

from litestar import Request

from portal.domain.accounts.queries import Staff

AnyRequest: TypeAlias = Request[Any, Any, Any]
PublicRequest: TypeAlias = Request[Staff | None, Any, Any]
StaffRequest: TypeAlias = Request[Staff, Any, Any]


def address(request: AnyRequest) -> str:
    """The address of the peer; of the person behind it only where a proxy is trusted (PORTAL_TRUSTED_PROXIES)."""
    return request.client.host if request.client else ""
