"""What the codes that are counted are called, in the reader's language."""

from portal.domain.accounts.tables import Account
from portal.domain.complaints.queries import learning
from portal.domain.complaints.tables import Channel, Kind
from portal.domain.reports.rules.wording import Names
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.i18n import formats
from portal.i18n.labels import label


async def names(site: Site, *, clerks: list[str]) -> Names:
    """The names of subjects, places, causes and people of a site, those no longer offered too."""
    known = [one for one in clerks if one]
    people = await Account.select(Account.username, Account.name).where(Account.username.is_in(known)) if known else []
    return {
        "kind": {kind.value: label("kind", kind) for kind in Kind},
        "channel": {channel.value: label("channel", channel) for channel in Channel},
        "category": {one.code: one.name for one in await sites.categories(site.id, all_of_them=True)},
        "place": {one.code: one.name for one in await sites.places(site.id)},
        "cause": {one.code: one.name for one in await learning.causes(site.id, all_of_them=True)},
        "clerk": {row["username"]: row["name"] for row in people},
        "weekday": {str(day): formats.weekday(day) for day in range(7)},
    }
