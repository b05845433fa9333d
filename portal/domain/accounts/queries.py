"""Who is signed in, and who works at a site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, sealing
from portal.domain.accounts import rules
from portal.domain.accounts.tables import Account, Membership, Role, Session
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.ids import token_hash


@dataclass(frozen=True)
class Staff:
    """A member of staff who is signed in, with everything that decides what this person may see and do."""

    id: UUID
    username: str
    name: str
    surname: str
    language: str
    session: UUID
    seen_at: datetime
    roles: dict[UUID, frozenset[Role]]
    organisation: frozenset[Role]
    sites: tuple[Site, ...]

    def roles_at(self, site: Site) -> frozenset[Role]:
        """The roles here; those of the organisation hold at every site."""
        return self.roles.get(site.id, frozenset()) | self.organisation

    def site(self, slug: str) -> Site:
        """The site of an address, if this person has to do with it; raises NotFound."""
        for site in self.sites:
            if site.slug == slug:
                return site
        raise NotFound


@dataclass(frozen=True)
class Worker:
    """Somebody who works at a site, as its list of staff shows it."""

    id: UUID
    username: str
    name: str
    disabled: bool
    roles: tuple[Role, ...]
    last_seen: datetime | None


@dataclass(frozen=True)
class Mailbox:
    """Where somebody of the staff gets mail, and in which language."""

    email: str
    language: str


_WHO = """account.id, account.username, account.name, account.surname, account.language, membership.role, site.id AS site,
  site.slug, site.code, site.kind, site.name_zh, site.name_en, site.zone, site.hotline, site.mailbox, site.choices,
  site.version, site.edition, site.holidays"""
_SIGNED_IN = f"""
SELECT session.id AS session, session.seen_at, session.created_at AS since, {_WHO}
FROM session JOIN account ON account.id = session.account
  LEFT JOIN membership ON membership.account = account.id LEFT JOIN site ON site.id = membership.site
WHERE session.token_hash = {{}} AND session.ended_at IS NULL AND account.disabled_at IS NULL
ORDER BY site.created_at, site.slug
"""
_PERSON = f"""
SELECT {_WHO} FROM account LEFT JOIN membership ON membership.account = account.id
  LEFT JOIN site ON site.id = membership.site
WHERE account.id = {{}} AND account.disabled_at IS NULL ORDER BY site.created_at, site.slug
"""
NOWHERE = UUID(int=0)  # the session of somebody who is not asking just now


async def signed_in(token: str) -> Staff | None:
    """Who signed in with this cookie, in one query; None if ended, idle for too long, or disabled."""
    rows = await Session.raw(_SIGNED_IN, token_hash(token))
    if not rows:
        return None
    first, now = rows[0], clock.now()
    staff = await _staff(rows, session=first["session"], seen_at=first["seen_at"])
    mine = [site for site in staff.sites if site.id in staff.roles]
    return None if now - staff.seen_at > _idle(mine) or now - first["since"] > rules.ABSOLUTE else staff


async def person(account: UUID) -> Staff | None:
    """Somebody with the rights of this moment, for what is done on his behalf while he is away; None if disabled."""
    rows = await Account.raw(_PERSON, account)
    return await _staff(rows, session=NOWHERE, seen_at=clock.now()) if rows else None


async def account(username: str) -> Account | None:
    """The account of a user name, disabled or not."""
    return await Account.objects().where(Account.username == username.strip().lower()).first()


async def staff_of(site: Site) -> list[Worker]:
    """Who works at a site: an account each with its roles there and when it was last seen, by name."""
    rows = await (
        Membership.select(
            Membership.role, Membership.account.id, Membership.account.username, Membership.account.name,
            Membership.account.disabled_at,
        )
        .where(Membership.site == site.id)
        .order_by(Membership.account.username)
    )  # fmt: skip
    accounts = [row["account.id"] for row in rows]
    sessions = Session.select(Session.account, Session.seen_at).where(Session.account.is_in(accounts))
    seen = {row["account"]: row["seen_at"] for row in await sessions.order_by(Session.seen_at)} if accounts else {}
    people: dict[UUID, Worker] = {}
    for row in rows:
        known = people.get(row["account.id"])
        people[row["account.id"]] = Worker(
            row["account.id"], row["account.username"], row["account.name"], row["account.disabled_at"] is not None,
            (*(known.roles if known else ()), Role(row["role"])), seen.get(row["account.id"]),
        )  # fmt: skip
    return list(people.values())


async def account_at(site: Site, username: str) -> Account:
    """The account of somebody who works at a site; raises NotFound."""
    found = await account(username)
    if found is None or not await Membership.exists().where(Membership.account == found.id, Membership.site == site.id):
        raise NotFound
    return found


async def with_role(site: UUID, role: Role) -> list[UUID]:
    """The accounts that have a role at a site, or a role of the organisation at all, and may sign in."""
    here = Membership.site.is_null() if role in rules.ORGANISATION else Membership.site == site
    rows = await Membership.select(Membership.account).where(
        here, Membership.role == role, Membership.account.disabled_at.is_null()
    )
    return [row["account"] for row in rows]


async def mailboxes(ids: list[UUID]) -> dict[UUID, Mailbox]:
    """The addresses of those of these accounts that have one and may sign in."""
    rows = await Account.select(Account.id, Account.email, Account.language).where(
        Account.id.is_in(ids), Account.email != "", Account.disabled_at.is_null()
    ) if ids else []  # fmt: skip
    return {row["id"]: Mailbox(sealing.unseal(row["email"], f"account.email:{row['id']}"), row["language"]) for row in rows}


async def demo_accounts() -> int:
    """How many accounts of the demonstration there are."""
    return int(await Account.count().where(Account.demo == True))  # noqa: E712


async def _staff(rows: list[dict[str, Any]], *, session: UUID, seen_at: datetime) -> Staff:
    """Somebody from a row for each role."""
    here: dict[UUID, Site] = {}
    roles: dict[UUID, set[Role]] = {}
    for row in rows:
        if row["site"] is not None:
            here.setdefault(row["site"], _site(row))
            roles.setdefault(row["site"], set()).add(Role(row["role"]))
    organisation = frozenset(Role(row["role"]) for row in rows if row["site"] is None and row["role"])
    if organisation & rules.ORGANISATION:
        here = {site.id: site for site in await sites.sites()}
    first = rows[0]
    return Staff(
        id=first["id"], username=first["username"], name=first["name"], surname=first["surname"],
        language=first["language"], session=session, seen_at=seen_at,
        roles={site: frozenset(names) for site, names in roles.items()}, organisation=organisation,
        sites=tuple(here.values()),
    )  # fmt: skip


def _idle(here: Iterable[Site]) -> timedelta:
    """The strictest of the person's sites decides."""
    minutes = [site_rules.figure(site, "session.idle_minutes") for site in here]
    return timedelta(minutes=min(minutes, default=int(site_rules.SETTINGS["session.idle_minutes"].default)))


def _site(row: dict[str, Any]) -> Site:
    names = ("slug", "code", "kind", "name_zh", "name_en", "zone", "hotline", "mailbox", "choices", "version", "edition",
             "holidays")  # fmt: skip
    columns: dict[str, Any] = {name: row[name] for name in names}
    return Site(_exists_in_db=True, _ignore_missing=True, id=row["site"], **columns)
