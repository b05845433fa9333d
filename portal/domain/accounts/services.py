"""Making accounts, signing in and out, and taking rights away."""

import re
from uuid import UUID

from portal import access_log, clock, passwords
from portal.database import transaction
from portal.domain.accounts import queries, rules
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role, Session
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id, new_token, token_hash


async def create(
    *,
    username: str,
    name: str,
    surname: str,
    password: str,
    roles: list[tuple[Site | None, Role]],
    language: str = "zh-CN",
    demo: bool = False,
) -> Account:
    """A new account with its roles; raises Invalid with a message for each thing that cannot be."""
    username = username.strip().lower()
    errors = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,59}", username):
        errors["username"] = _("Small letters, digits, dots, hyphens; at least two.")
    elif await queries.account(username):
        errors["username"] = _("There is an account of this name already.")
    if len(password) < rules.PASSWORD_LENGTH:
        errors["password"] = _("At least %(n)d characters.") % {"n": rules.PASSWORD_LENGTH}
    if not rules.may_combine(frozenset(role for _site, role in roles)):
        errors["roles"] = _("An administrator or auditor has no other role.")
    if any((site is None) != (role in rules.ORGANISATION) for site, role in roles):
        errors["roles"] = _("Administrator and owner are roles of the organisation, all others of a site.")
    if errors:
        raise Invalid(errors)
    stored = await passwords.hashed(password)
    async with transaction():
        account = Account(
            id=new_id(), username=username, name=name, surname=surname, language=language, password_hash=stored,
            demo=demo, created_at=clock.now(),
        )  # fmt: skip
        await Account.insert(account)
        for site, role in roles:
            await Membership.insert(Membership(id=new_id(), account=account.id, site=site.id if site else None, role=role))
        await events.record("account.created", site=None, subject=account.id, by=None)
    return account


async def sign_in(username: str, password: str, *, ended: UUID | None, address: str) -> str | None:
    """The token of a new session, or None: no such account, wrong password, or disabled, alike in words and time.

    `ended` is the session that this browser had before; it ends here.
    """
    account = await queries.account(username)
    usable = account is not None and account.disabled_at is None
    if not await passwords.matches(account.password_hash if account and usable else "", password):
        await access_log.record(
            "sign-in", site=None, account=account.id if account else None, role="", address=address, result="refused"
        )
        return None
    assert account is not None  # noqa: S101  # an empty hash never matches
    token, now = new_token(), clock.now()
    async with transaction():
        if ended is not None:
            await Session.update({Session.ended_at: now}).where(Session.id == ended)
        await Session.insert(
            Session(id=new_id(), token_hash=token_hash(token), account=account.id, created_at=now, seen_at=now)
        )
        await access_log.record("sign-in", site=None, account=account.id, role="", address=address)
    return token


async def sign_out(session: UUID) -> None:
    """End a session; its cookie is worthless from now on."""
    await Session.update({Session.ended_at: clock.now()}).where(Session.id == session)


async def was_seen(staff: Staff) -> None:
    """The person did something: the idle time begins anew (written at most every half minute)."""
    now = clock.now()
    if now - staff.seen_at > rules.SEEN_EVERY:
        await Session.update({Session.seen_at: now}).where(Session.id == staff.session)


async def disable(username: str, *, site: Site, by: Staff) -> None:
    """Take away everything at once: open sessions end with it."""
    account = await _at(site, username)
    if account.id == by.id:
        raise Conflict(_("You cannot disable yourself."))
    now = clock.now()
    async with transaction():
        rows = await (
            Account.update({Account.disabled_at: now})
            .where(Account.id == account.id, Account.disabled_at.is_null())
            .returning(Account.id)
        )
        if not rows:
            raise Conflict(_("This account is disabled already."))
        await Session.update({Session.ended_at: now}).where(Session.account == account.id, Session.ended_at.is_null())
        await events.record("account.disabled", site=site.id, subject=account.id, by=by)


async def enable(username: str, *, site: Site, by: Staff) -> None:
    """Let somebody sign in again."""
    account = await _at(site, username)
    async with transaction():
        await Account.update({Account.disabled_at: None}).where(Account.id == account.id)
        await events.record("account.enabled", site=site.id, subject=account.id, by=by)


async def forget_old() -> None:
    """Remove sessions that are past their twelve hours."""
    await Session.delete().where(Session.created_at < clock.now() - 2 * rules.ABSOLUTE)


async def _at(site: Site, username: str) -> Account:
    account = await queries.account(username)
    if account is None or not await Membership.exists().where(
        Membership.account == account.id, Membership.site == site.id
    ):
        raise NotFound
    return account
