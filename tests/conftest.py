"""The ground every test stands on: a database of its own, the application in the same loop, and somebody to be."""

from tests.ground import environment  # isort: skip  # first: it sets the environment before the portal is imported

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

import httpx
import pytest
from litestar import Litestar

from portal import clock, database, settings
from portal.app import create_app
from portal.engines import Postgres
from portal.i18n.translations import DEFAULT, set_language
from tests import cast as actors
from tests import postgres
from tests.ground import databases, figures
from tests.pages import Browser

_servers: list[postgres.Server] = []


class _Undo(Exception):
    """Leaves a test's transaction, so that nothing of it stays."""


def pytest_configure(config: pytest.Config) -> None:
    if environment.ENGINE == "postgres" and not hasattr(config, "workerinput"):
        _servers.append(postgres.start(environment.POSTGRES, durable=environment.PROVE))


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for server in _servers:
        server.stop()
    if environment.PROVE:
        figures.write()
    shutil.rmtree(environment.RUN, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other engine: left out, since nothing in a run is ever skipped."""
    others = {f"only_{engine}" for engine in environment.ENGINES} - {f"only_{environment.ENGINE}"}
    foreign = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    items[:] = [item for item in items if item not in foreign]
    config.hook.pytest_deselected(items=foreign)


def pytest_report_header() -> str:
    return f"engine: {environment.ENGINE}"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
async def pool() -> AsyncIterator[None]:
    """The database of this worker, a copy of the template, with its pool open in the one loop of all tests."""
    await databases.fresh(environment.WORKER)
    await database.open_pool()
    yield
    await database.close_pool()


@pytest.fixture
async def db(pool: None) -> AsyncIterator[None]:
    """One transaction a test, rolled back: for whatever does not need true commits."""
    with contextlib.suppress(_Undo):
        async with database.engine().transaction():
            yield
            raise _Undo


@pytest.fixture
async def committed(pool: None) -> AsyncIterator[None]:
    """True commits: for races, live pages, jobs, and whatever happens after a commit. Empty again afterwards."""
    yield
    await _emptied()


@pytest.fixture(scope="session")
async def app(pool: None) -> AsyncIterator[Litestar]:
    """The application, started. It opens the pool itself, so ours makes room for it."""
    application = create_app()
    await database.close_pool()
    async with application.lifespan():
        yield application
    await database.open_pool()


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without eyes, in the test's own loop and transaction; add `db` or `committed` for the rows."""
    async with new_client(app) as fresh:
        yield fresh


@pytest.fixture
async def clients(app: Litestar) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """As many separate browsers as a test asks for."""
    async with contextlib.AsyncExitStack() as stack:
        opened: list[httpx.AsyncClient] = []

        def another() -> httpx.AsyncClient:
            opened.append(new_client(app))
            stack.push_async_callback(opened[-1].aclose)
            return opened[-1]

        yield another


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> Browser:
    """The checking client: every page it fetches is inspected."""
    return Browser(client)


@pytest.fixture
async def cast() -> actors.Cast:
    """Two sites and everybody who works there; ask for `db` or `committed` before it."""
    set_language(DEFAULT)  # whatever the page of the test before spoke
    return await actors.enter()


@pytest.fixture
def travel() -> Iterator[Callable[[str | datetime], None]]:
    """Move the portal's clock: travel("2026-11-22T12:00+08:00"). It comes back by itself."""

    def go(to: str | datetime) -> None:
        clock.travel(datetime.fromisoformat(to) if isinstance(to, str) else to)

    yield go
    clock.travel(None)


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    """How many: scale(1_000, 10_000) is the first in `make test`, the second in `make prove`."""
    return lambda usual, full: full if environment.PROVE else usual


@pytest.fixture
def figure() -> Callable[[str, float, str, str], None]:
    """Record a figure of a promise for docs/PROOF.md: figure("contested claims", 10_000, "", "P05")."""

    def record(name: str, value: float, unit: str, promise: str) -> None:
        figures.keep(promise, name, environment.ENGINE, value, unit)

    return record


def new_client(app: Litestar) -> httpx.AsyncClient:
    """A browser without eyes: keeps its cookies, follows no redirect."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    return httpx.AsyncClient(transport=transport, base_url=settings.current().base_url)


async def _emptied() -> None:
    engine = database.engine()
    if isinstance(engine, Postgres):
        found = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
        rows = await engine.run_ddl(found)
        names = ", ".join(f'"{row["tablename"]}"' for row in rows)
        async with engine.transaction():
            # Events and the access log refuse to be emptied; here their triggers sleep.
            await engine.run_ddl("SET LOCAL session_replication_role = replica")
            await engine.run_ddl(f"TRUNCATE {names} CASCADE")
        return
    await database.close_pool()
    databases.copy(environment.RUN / f"{environment.WORKER}.db")
    await database.open_pool()
