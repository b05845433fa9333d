"""Who is away from a site, and who stands in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal import clock
from portal.domain.accounts.tables import Account
from portal.domain.queues import rules
from portal.domain.queues.queries import people
from portal.domain.queues.tables import Absence
from portal.domain.sites.tables import Site


@dataclass(frozen=True)
class Planned:
    """An absence that is going on or still to come; both days belong to it."""

    id: UUID
    name: str
    deputy: str
    from_on: date
    to_on: date
    begun: bool


async def coming(site: Site) -> list[Planned]:
    """Who is away today or later, in the order of the days."""
    account, deputy = Absence.account, Absence.deputy
    rows = await (
        Absence.select(Absence.id, Absence.from_on, Absence.to_on, account.name, deputy.name)
        .where(Absence.site == site.id, Absence.cancelled_at.is_null(), Absence.to_on >= clock.today(site.zone))
        .order_by(Absence.from_on, Absence.id)
    )
    today = clock.today(site.zone)
    return [
        Planned(row["id"], row["account.name"], row["deputy.name"], row["from_on"], row["to_on"], row["from_on"] <= today)
        for row in rows
    ]


async def away(site: Site) -> dict[UUID, UUID]:
    """Who is away today, each with the deputy that was named."""
    today = clock.today(site.zone)
    rows = await Absence.select(Absence.account, Absence.deputy).where(
        Absence.site == site.id, Absence.cancelled_at.is_null(), Absence.from_on <= today, Absence.to_on >= today
    )
    return {row["account"]: row["deputy"] for row in rows}


async def stand_in(site: Site, account: UUID) -> UUID | None:
    """Who works for somebody now: oneself who is here, else whoever stands in; nobody where that leads nowhere."""
    return rules.stand_in(account, await away(site), await people.able(site))


async def stand_ins(site: Site) -> dict[str, str]:
    """Who is away today and who stands in, by user name; empty where nobody does."""
    deputies = await away(site)
    if not deputies:
        return {}
    able = await people.able(site)
    named = {one: rules.stand_in(one, deputies, able) for one in deputies}
    ids = list({*named, *(one for one in named.values() if one)})
    rows = await Account.select(Account.id, Account.username).where(Account.id.is_in(ids))
    names = {row["id"]: row["username"] for row in rows}
    return {names[one]: names[other] if other else "" for one, other in named.items()}
