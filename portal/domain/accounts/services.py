"""Making accounts, signing in and out, changing passwords, and taking rights away."""

import re
from typing import NamedTuple
from uuid import UUID

from portal import access_log, clock, passwords, sealing
from portal.database import retried, transaction
from portal.domain.accounts import queries, rules
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role, Session
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id, new_token, token_hash


class NewPassword(NamedTuple):
    """What is stored of a password before a change, and after it."""

    before: str
    after: str


async def create(
    *,
    username: str,
    name: str,
    surname: str,
    password: str,
    roles: list[tuple[Site | None, Role]],
    language: str = "zh-CN",
    demo: bool = False,
    email: str = "",
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
    address = rules.email(email) if email else ""
    if address is None:
        errors["email"] = _("Enter an e-mail address such as name@example.com")
    if errors:
        raise Invalid(errors)
    stored, key = await passwords.hashed(password), new_id()
    async with transaction():
        account = Account(
            id=key, username=username, name=name, surname=surname, language=language, password_hash=stored,
            demo=demo, created_at=clock.now(), email=_sealed_address(address or "", key),
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

    async def begin() -> None:
        if ended is not None:
            await Session.update({Session.ended_at: now}).where(Session.id == ended)
        await Session.insert(
            Session(id=new_id(), token_hash=token_hash(token), account=account.id, created_at=now, seen_at=now)
        )
        await access_log.record("sign-in", site=None, account=account.id, role="", address=address)

    await retried(begin)
    return token


async def sign_out(session: UUID) -> None:
    """End a session; its cookie is worthless from now on."""
    await Session.update({Session.ended_at: clock.now()}).where(Session.id == session)


async def was_seen(staff: Staff) -> None:
    """The person did something: the idle time begins anew (written at most every half minute)."""
    now = clock.now()
    if now - staff.seen_at > rules.SEEN_EVERY:
        await Session.update({Session.seen_at: now}).where(Session.id == staff.session)


async def weigh_password(staff: Staff, *, current: str, new: str, again: str) -> NewPassword:
    """Whether somebody may change the password to this one; raises Invalid with a message for each thing that is wrong.

    It stands before the transaction, since each look at a password takes its time.
    """
    account = await _anywhere(staff.username)
    errors = {}
    if not await passwords.matches(account.password_hash, current):
        errors["current"] = _("This is not your password.")
    if len(new) < rules.PASSWORD_LENGTH:
        errors["new"] = _("At least %(n)d characters.") % {"n": rules.PASSWORD_LENGTH}
    elif new != again:
        errors["again"] = _("This is not the same as the new password.")
    if errors:
        raise Invalid(errors)
    return NewPassword(account.password_hash, await passwords.hashed(new))


async def change_password(staff: Staff, password: NewPassword) -> None:
    """Change one's own password; it ends the account's other sessions, and not this one."""
    async with transaction():
        rows = await (
            Account.update({Account.password_hash: password.after})
            .where(Account.id == staff.id, Account.password_hash == password.before)
            .returning(Account.id)
        )
        if not rows:
            raise Conflict(_("Your password was changed elsewhere a moment ago."))
        await _end_sessions(staff.id, but=staff.session)
        await events.record("account.password-changed", site=None, subject=staff.id, by=staff)


async def set_password(username: str, password: str) -> Account:
    """The operator's way to give somebody a new password; it ends all sessions of the account."""
    account = await _anywhere(username)
    if len(password) < rules.PASSWORD_LENGTH:
        raise Invalid({"password": _("At least %(n)d characters.") % {"n": rules.PASSWORD_LENGTH}})
    stored = await passwords.hashed(password)
    async with transaction():
        await Account.update({Account.password_hash: stored}).where(Account.id == account.id)
        await _end_sessions(account.id)
        await events.record("account.password-changed", site=None, subject=account.id, by=None)
    return account


async def disable(username: str, *, site: Site | None, by: Staff | None) -> Account:
    """Take away everything at once: open sessions end with it. Without a site (the operator) it may be anybody's account.

    Raises Conflict for oneself, for whoever is disabled already, and for the last administrator.
    """
    account = await queries.account_at(site, username) if site else await _anywhere(username)
    if by is not None and account.id == by.id:
        raise Conflict(_("You cannot disable yourself."))
    now = clock.now()
    async with transaction():
        await _leave_an_admin(account)
        rows = await (
            Account.update({Account.disabled_at: now})
            .where(Account.id == account.id, Account.disabled_at.is_null())
            .returning(Account.id)
        )
        if not rows:
            raise Conflict(_("This account is disabled already."))
        await _end_sessions(account.id)
        await events.record("account.disabled", site=site.id if site else None, subject=account.id, by=by)
    return account


async def enable(username: str, *, site: Site | None, by: Staff | None) -> Account:
    """Let somebody sign in again."""
    account = await queries.account_at(site, username) if site else await _anywhere(username)
    async with transaction():
        rows = await (
            Account.update({Account.disabled_at: None})
            .where(Account.id == account.id, Account.disabled_at.is_not_null())
            .returning(Account.id)
        )
        if not rows:
            raise Conflict(_("This account is not disabled."))
        await events.record("account.enabled", site=site.id if site else None, subject=account.id, by=by)
    return account


async def readdress(username: str, address: str, *, site: Site, by: Staff) -> None:
    """Say where somebody's notices also go by e-mail; of who works elsewhere too, only an administrator may."""
    account = await queries.account_at(site, username)
    elsewhere = Membership.site.is_null() | (Membership.site != site.id)
    if Role.ADMIN not in by.roles_at(site) and await Membership.exists().where(Membership.account == account.id, elsewhere):
        raise Conflict(_("This person works at another site too: an administrator decides about the address."))
    async with transaction():
        await Account.update({Account.email: _sealed_address(address, account.id)}).where(Account.id == account.id)
        await events.record("account.address-changed", site=site.id, subject=account.id, by=by)


async def forget_old() -> None:
    """Remove sessions that are past their twelve hours."""
    await Session.delete().where(Session.created_at < clock.now() - 2 * rules.ABSOLUTE)


def _sealed_address(address: str, account: UUID) -> str:
    return sealing.seal(address, f"account.email:{account}")


async def _anywhere(username: str) -> Account:
    account = await queries.account(username)
    if account is None:
        raise NotFound(_("There is no account of this name."))
    return account


async def _end_sessions(account: UUID, *, but: UUID | None = None) -> None:
    mine = (Session.account == account) & Session.ended_at.is_null()
    ending = mine & (Session.id != but) if but else mine
    await Session.update({Session.ended_at: clock.now()}).where(ending)


async def _leave_an_admin(account: Account) -> None:
    """Raises Conflict where nobody would be left who sees to sites, staff and settings."""
    admins = Membership.select(Membership.account).where(Membership.role == Role.ADMIN)
    ids = [row["account"] for row in await admins]
    if account.id not in ids:
        return
    # Written, though nothing changes: two who disable the last two at once wait here for each other.
    able = await (
        Account.update({Account.language: Account.language})
        .where(Account.id.is_in(ids), Account.disabled_at.is_null())
        .returning(Account.id)
    )
    if [row["id"] for row in able] == [account.id]:
        raise Conflict(_("This is the last administrator who may sign in."))
