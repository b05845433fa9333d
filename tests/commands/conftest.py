"""A database for each test of the operator's commands: they run as processes of their own."""

import asyncio
from collections.abc import Iterator

import pytest

from portal.ids import new_id
from tests.ground import databases, environment


@pytest.fixture
def own() -> Iterator[str]:
    """The name of a migrated, empty database that is the test's alone."""
    name = f"{environment.WORKER}_{new_id().hex[-8:]}"
    asyncio.run(databases.fresh(name))
    yield name
    asyncio.run(databases.drop(name))


@pytest.fixture
def staffed() -> Iterator[str]:
    """The name of a database with the cast in it: `portal run` makes no demonstration there."""
    name = f"{environment.WORKER}_{new_id().hex[-8:]}"
    asyncio.run(databases.fresh(name, databases.CAST))
    yield name
    asyncio.run(databases.drop(name))


@pytest.fixture
def missing() -> Iterator[str]:
    """The name of a database that does not exist yet."""
    name = f"{environment.WORKER}_{new_id().hex[-8:]}"
    yield name
    asyncio.run(databases.drop(name))
