"""Sending a photo to somebody who may see it."""

from litestar import Response

from portal.photos.store import Size
from portal.web.client import AnyRequest


def picture(data: bytes) -> Response[bytes]:
    """A JPEG that no browser keeps: the next at a shared tablet must not find it."""
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def size(request: AnyRequest) -> Size:
    """`?size=thumb` for the small one."""
    return "thumb" if request.query_params.get("size") == "thumb" else "full"
