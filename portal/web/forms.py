"""Forms: what was typed, one message a field in the reader's language, and a token that makes a second post harmless."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from litestar import Response
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.exceptions import ClientException
from pydantic import BaseModel, ValidationError

from portal import database, once
from portal.errors import Expired, Invalid, TooLarge
from portal.i18n.translations import N_, _, gettext
from portal.once import Token
from portal.photos import images
from portal.photos import services as photos
from portal.photos.services import Stored
from portal.web import browser
from portal.web.client import AnyRequest
from portal.web.page import own_path, to

TOKEN, PHOTOS = "form_token", "photos"
SECRETS = ("password", "current", "new", "again")  # never shown again, not even to who typed them
CHUNK = 1_000_000
FIELDS_MOST, WORDS_MOST = 200, 400_000  # in one form; characters of all its words
WORDS = {  # pydantic's type of an error: our words for it
    "missing": N_("%(label)s: please fill this in"),
    "string_too_short": N_("%(label)s: please fill this in"),
    "string_too_long": N_("%(label)s: at most %(max_length)s characters"),
    "int_parsing": N_("%(label)s: a whole number"),
    "greater_than_equal": N_("%(label)s: at least %(ge)s"),
    "less_than_equal": N_("%(label)s: at most %(le)s"),
    "enum": N_("%(label)s: choose one of these"),
    "literal_error": N_("%(label)s: choose one of these"),
    "choice": N_("%(label)s: choose one of these"),
    "uuid_parsing": N_("%(label)s: choose one of these"),
}
REFUSED = {
    images.TOO_LARGE: N_("%(name)s is larger than 10 MB"),
    images.TOO_MANY_PIXELS: N_("%(name)s has more than 40 megapixels"),
    images.NOT_AN_IMAGE: N_("%(name)s is not a JPEG, PNG or WebP photo"),
}

Model = TypeVar("Model", bound=BaseModel)


class Typed(BaseModel):
    """A form whose fields only its domain knows."""


class Replayed(Exception):
    """The same form came again with the same body: the first answer stands."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Form(Generic[Model]):
    """A form as it is shown: values as typed, errors by field in the form's order, the token it keeps after an error."""

    def __init__(self, values: Mapping[str, str] | None = None, errors: dict[str, str] | None = None) -> None:
        self.values = dict(values or {})
        self.errors = errors or {}
        self.token = ""
        self.pictures: list[Stored] = []
        self.clean: list[images.Clean] = []
        self.photo_bytes = 0
        self._data: Model | None = None
        self._used: tuple[Token, str] | None = None

    @property
    def valid(self) -> bool:
        return not self.errors and self._data is not None

    @property
    def data(self) -> Model:
        """The value, of a form that is valid."""
        if self._data is None:
            raise ValueError("the form is not valid")
        return self._data

    @property
    def filled(self) -> bool:
        """Whether it was understood, whatever was refused afterwards."""
        return self._data is not None

    @property
    def version(self) -> int | None:
        """The version of the record that the form was made for, if it says so."""
        text = self.values.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def refuse(self, invalid: Invalid) -> None:
        """Take over what the business refused."""
        self.errors |= invalid.fields


async def bind(
    model: type[Model],
    request: AnyRequest,
    *,
    limit: Callable[[Form[Model]], Awaitable[None]] | None = None,
    **context: Any,
) -> Form[Model]:
    """Read a posted form. Bad input never raises: it stands in `errors`, and what was typed in `values`.

    Raises Expired for a token that is missing, forged, too old, or of another browser or person; Replayed and Conflict
    for one that was used up. `limit` may raise TooMany; it is asked before photos cost time, and for a valid form.
    """
    posted = await read(request)
    texts = _texts(posted)
    request.scope["state"]["typed"] = texts
    form: Form[Model] = Form({name: text.replace("\0", "") for name, text in texts.items()})
    token = check_token(request, texts)
    files = [file for file in posted.getall(PHOTOS, []) if isinstance(file, UploadFile) and file.filename]
    body = once.fingerprint(request.scope["path"], [item async for item in _parts(posted, files)])
    answer = await once.used(token, body, message=_("This form was sent before with other words. Please open it anew."))
    if answer is not None:
        raise Replayed(answer)
    form.token, form._used = texts[TOKEN], (token, body)
    _validate(form, model, {**context, "photos": len(files)})
    form.photo_bytes = sum(file.file.seek(0, 2) for file in files)
    if limit is not None and (files or form.valid):
        await limit(form)
    await _take_photos(form, files)
    return form


async def read(request: AnyRequest) -> FormMultiDict:
    """The posted form; raises TooLarge before an endless list of fields, or endless words, take the loop's time."""
    if request.content_type[0] != "multipart/form-data":
        body = await request.body()
        if len(body) > WORDS_MOST or body.count(b"&") > FIELDS_MOST:
            raise TooLarge
    try:
        posted = await request.form()
    except (UnicodeError, LookupError) as error:  # of a part's charset
        raise ClientException("unreadable") from error
    texts = [text for _name, text in posted.multi_items() if isinstance(text, str)]
    if len(texts) > FIELDS_MOST or sum(map(len, texts)) > WORDS_MOST:
        raise TooLarge
    return posted


async def remember_typed(request: AnyRequest) -> None:
    """Before anything is looked up: what was posted is shown again on the page that says it could not be taken."""
    if request.method == "POST":
        request.scope["state"]["typed"] = await typed(request)


async def typed(request: AnyRequest) -> dict[str, str]:
    """What a form without a record posted (language, sign-in, sign-out)."""
    posted = await read(request)
    return {name: text.replace("\0", "") for name in posted if isinstance(text := posted[name], str)}


async def bind_typed(request: AnyRequest) -> Form[Typed]:
    """Read a posted form whose fields only its domain knows; the token is checked, the values are not."""
    return await bind(Typed, request)


def check_token(request: AnyRequest, typed: Mapping[str, str]) -> Token:
    """The token of a posted form; raises Expired where it is not this browser's and this person's."""
    person = request.scope.get("user")
    token = once.read(typed.get(TOKEN, ""), browser=browser.known(request), person=person.id if person else None)
    if token is None:
        raise Expired(_("This form is no longer valid here. Please open the page anew and send it again."))
    return token


async def perform(
    request: AnyRequest, form: Form[Any], work: Callable[[], Awaitable[str | None]], *, answer: str = ""
) -> Response[Any]:
    """Do a form's deed once: its token is used up in the deed's own transaction; then go to `answer`.

    Where the answer is known only afterwards, `work` returns it. A second post of the same form, even at the same
    instant, gets the first one's answer.
    """
    token, body = form._used or _unbound()
    # On the disk before the transaction that names them; where that fails, the sweep finds them without a row.
    form.pictures = await photos.keep(form.clean)

    async def deed() -> str:
        await once.use(token, body, answer)
        found = await work()
        if found:
            await once.answered(token, found)
        return found or answer

    try:
        there = await database.retried(deed)
    except Exception as error:
        if not database.is_duplicate(error):
            raise
        first = await once.used(token, body, message=_("This form was sent before with other words."))
        if first is None:
            raise
        return to(request, first)
    return to(request, there)


def as_typed(request: AnyRequest) -> list[tuple[str, str]]:
    """The texts of a post, for a page that could not take them."""
    typed: dict[str, str] = request.scope["state"].get("typed", {})
    hidden = {TOKEN, "version", "next", "lang", *SECRETS}
    return [(name, text) for name, text in typed.items() if name not in hidden and text.strip()]


def next_path(typed: Mapping[str, str], otherwise: str) -> str:
    """Where a form asks to go on to, if it is a path of ours."""
    return own_path(typed.get("next", "") or otherwise, otherwise)


def _validate(form: Form[Model], model: type[Model], context: dict[str, Any]) -> None:
    titles = {field.alias or name: field.title or name for name, field in model.model_fields.items()}
    given = {name: text for name in titles if (text := form.value(name).strip())}
    try:
        form._data = model.model_validate(given, context=context)
    except ValidationError as refused:
        found = dict(_messages(titles, refused))
        form.errors = {name: found[name] for name in [*titles, ""] if name in found}


def _messages(titles: Mapping[str, str], refused: ValidationError) -> Iterator[tuple[str, str]]:
    for error in refused.errors():
        context = error.get("ctx") or {}
        name = str(context.get("field") or (error["loc"][0] if error["loc"] else ""))
        label = gettext(titles[name]) if name in titles else ""
        words = WORDS.get(error["type"], error["msg"])
        yield name, gettext(words) % {"label": label, **context} if "%(" in words else gettext(words)


def _texts(posted: FormMultiDict) -> dict[str, str]:
    """The words of a form by field; of one that is there several times, its values one a line."""
    found: dict[str, list[str]] = {}
    for name, value in posted.multi_items():
        if not isinstance(value, UploadFile):
            found.setdefault(name, []).append(str(value))
    return {name: "\n".join(values) for name, values in found.items()}


async def _parts(posted: FormMultiDict, files: list[UploadFile]) -> Any:
    for name, value in sorted(posted.multi_items(), key=lambda pair: pair[0]):
        if name != TOKEN and not isinstance(value, UploadFile):
            yield name, str(value).encode()
    for file in files:
        digest = hashlib.sha256()
        await file.seek(0)
        while chunk := await file.read(CHUNK):
            digest.update(chunk)
        yield PHOTOS, digest.digest()


async def _take_photos(form: Form[Any], files: list[UploadFile]) -> None:
    """Clean the photos, in memory; a refused one says which it is and why. They are kept when the deed is done."""
    if len(files) > photos.MOST:
        form.errors[PHOTOS] = _("At most %(n)d photos") % {"n": photos.MOST}
    refused = []
    for file in files[: photos.MOST]:
        try:
            await file.seek(0)
            form.clean.append(await images.cleaned(file.read))
        except images.Refused as reason:
            refused.append(gettext(REFUSED[reason.reason]) % {"name": file.filename})
    if refused:
        form.errors[PHOTOS] = "; ".join(refused)


def _unbound() -> tuple[Token, str]:
    raise ValueError("a form is performed after it was bound")
