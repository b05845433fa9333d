"""The pages of what cannot be brought about before the stage: too much, too often, a fault of ours, no database."""

import httpx
from litestar import Litestar, post

from portal import settings
from portal.errors import TooLarge, TooMany, Unavailable
from portal.i18n.translations import set_language
from portal.web import errors, forms
from tests.browser import journeys

TROUBLES: dict[int, Exception] = {
    413: TooLarge(),
    429: TooMany("", retry_after=60),
    500: RuntimeError(),
    503: Unavailable(),
}


async def page(status: int, path: str, language: str) -> str:
    """What the portal answers in this trouble to a form with words in it."""
    set_language(language)
    answered = await _answer(path, TROUBLES[status])
    assert answered.status_code == status
    return answered.text


async def _answer(path: str, trouble: Exception) -> httpx.Response:
    @post(path)
    async def door() -> None:
        raise trouble

    app = Litestar([door], before_request=forms.remember_typed, exception_handlers=errors.handlers(), openapi_config=None,
                   logging_config=None)  # fmt: skip
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().base_url) as client:
        words = "x" * forms.WORDS_MOST if isinstance(trouble, TooLarge) else journeys.BODY
        return await client.post(path, data={"body": words})
