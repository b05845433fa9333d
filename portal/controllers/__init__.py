"""The doors for people: three routers, each with its guard, and a list of what stands behind it."""

from litestar import Router
from litestar.di import Provide
from litestar.params import FromPath

from portal.controllers.access import Access
from portal.controllers.accounts import Accounts, Passwords
from portal.controllers.arrivals.alarms import Alarms
from portal.controllers.arrivals.customer import Doors, Waits
from portal.controllers.arrivals.desk import Line
from portal.controllers.arrivals.register import Recording, Register
from portal.controllers.bookings.after import After, Errands
from portal.controllers.bookings.agenda import Agenda
from portal.controllers.bookings.agreeing import Agreeing
from portal.controllers.bookings.customer import Bookings as Booking
from portal.controllers.bookings.customer import Visits
from portal.controllers.bookings.taking import Taking as Bookings
from portal.controllers.bookings.waiting import Answers, WaitingList
from portal.controllers.bulk import Bulks
from portal.controllers.complaints.customer import Filing, Following
from portal.controllers.complaints.desk import Handling, Taking
from portal.controllers.complaints.ending import Ending, Ledger
from portal.controllers.complaints.enquiries import Enquiries
from portal.controllers.complaints.kinds import Kinds
from portal.controllers.complaints.party import Mediating
from portal.controllers.complaints.sharing import Sharing, Tasks
from portal.controllers.complaints.time import Time
from portal.controllers.desk import Desk
from portal.controllers.displays import Displays, Walls
from portal.controllers.exports import Exports
from portal.controllers.health import Health
from portal.controllers.home import Home
from portal.controllers.live import Live
from portal.controllers.outbox import Outbox
from portal.controllers.photos import Photos
from portal.controllers.posters import Posters
from portal.controllers.presences import Presences
from portal.controllers.queues import Queues
from portal.controllers.reports.arrivals import Arrivals as ArrivalFigures
from portal.controllers.reports.boards import Boards, Notices
from portal.controllers.reports.complaints import Complaints
from portal.controllers.reports.saved import Reports
from portal.controllers.search import Searching
from portal.controllers.sessions import Sessions
from portal.controllers.settings.absences import Absences
from portal.controllers.settings.blocks import Blocks
from portal.controllers.settings.calendar import OpeningTimes
from portal.controllers.settings.categories import Categories
from portal.controllers.settings.causes import Causes
from portal.controllers.settings.doors import HouseDoors
from portal.controllers.settings.ladder import Ladders
from portal.controllers.settings.places import Places
from portal.controllers.settings.policies import Policies
from portal.controllers.settings.site import Settings
from portal.controllers.settings.stations import Stations
from portal.controllers.settings.visits import Blackouts, Receivers, VisitTypes
from portal.controllers.settings.wording import Phrases, Templates
from portal.controllers.today import Today
from portal.domain.sites.tables import Site
from portal.security import policies
from portal.web.client import StaffRequest


async def site_of(request: StaffRequest, slug: FromPath[str]) -> Site:
    """The site of the address, which the guard has found among the person's."""
    site: Site = request.user.site(slug)
    return site


PUBLIC = Router("/", route_handlers=[Home, Sessions, Health, Filing, Notices, Doors, Booking, WaitingList],
                opt={policies.POLICY: policies.PUBLIC})  # fmt: skip
CUSTOMER = Router("/", route_handlers=[Following, Mediating, Walls, Waits, Visits, Answers],
                  opt={policies.POLICY: policies.LINK})  # fmt: skip
STAFF = Router(
    "/",
    route_handlers=[
        Desk, Queues, Bulks, Presences, Taking, Handling, Time, Kinds, Ending, Ledger, Sharing, Tasks, Settings, Places,
        Categories, OpeningTimes, Policies, Ladders, Absences, Causes, Templates, Phrases, Accounts, Passwords, Access,
        Outbox, Posters, Photos, Live, Searching, Displays, Today, Complaints, ArrivalFigures, Boards, Exports, Reports,
        Line, Alarms, Agenda, Bookings, Agreeing, After, Errands, Register, Recording, Enquiries,
        VisitTypes, Blackouts, Receivers, HouseDoors, Stations, Blocks,
    ],
    opt={policies.POLICY: policies.STAFF},
    guards=[policies.only_staff],
    dependencies={"site": Provide(site_of)},
)  # fmt: skip
