"""P10: whatever statement of a deed fails, the state is wholly the one before; only the whole deed leads to another."""

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar

from portal import database
from portal.domain.queues.services import clocks
from portal.domain.queues.tables import Escalation
from tests import cast as actors
from tests.ground import probes
from tests.promises.stage import Record, differences, stored
from tests.promises.ways import DEEDS, Ways

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
# An unmasking reads the page after its commit; that nothing is shown unlogged, test_unmasking.py proves.
ATOMIC = [deed for deed in DEEDS if deed != "unmask"]


@pytest.mark.parametrize("deed", ATOMIC)
async def test_a_deed_that_fails_at_any_statement_leaves_nothing(app: Litestar, figure: Record, deed: str) -> None:
    guest, path, fields = await DEEDS[deed](Ways(app, await actors.enter()))
    before = await stored()

    for at in itertools.count(1):
        with probes.failing(at) as heard:
            answer = await guest.post(path, fields)
        if len(heard) < at:
            break
        assert answer.status_code == 500, f"{heard[-1]}: {answer.status_code}"
        assert differences(before, await stored()) == [], f"statement {at}, {heard[-1]}"

    # The token was never used up, so the whole deed is done at last.
    assert answer.status_code == 303
    after = differences(before, await stored())
    assert {"form_use", "event"} <= set(after)
    figure(f"faults in turn: {deed}, all or nothing", at - 1, "statements", "P10")


async def test_an_escalation_that_fails_at_any_statement_leaves_nothing(
    app: Litestar, figure: Record, travel: Callable[[Any], None]
) -> None:
    item = await Ways(app, await actors.enter()).escalation()
    travel(item.arrived_at + timedelta(minutes=25))
    await clocks.look_at_clocks()
    travel(item.arrived_at + timedelta(minutes=31))
    before = await stored()

    for at in itertools.count(1):
        with probes.failing(at) as heard, contextlib.suppress(probes.Fault):
            await clocks.look_at_clocks()
        if len(heard) < at:
            break
        assert differences(before, await stored()) == [], f"statement {at}, {heard[-1]}"

    assert await Escalation.count() == 1
    figure("faults in turn: escalation, all or nothing", at - 1, "statements", "P10")


async def test_without_the_transaction_a_deed_stops_half_way(
    app: Litestar, figure: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways, halves = Ways(app, await actors.enter()), 0
    monkeypatch.setattr(database.engine(), "transaction", nothing)

    for at in itertools.count(1):
        guest, path, fields = await ways.filing()
        before = await stored()
        with probes.failing(at) as heard:
            await guest.post(path, fields)
        if len(heard) < at:
            break
        halves += bool(differences(before, await stored()))

    assert halves > 5
    figure("control: filings left half done with the transaction taken out", halves, f"of {at - 1}", "P10")


@contextlib.asynccontextmanager
async def nothing(**_how: object) -> AsyncIterator[None]:
    """In the place of a transaction: each statement for itself."""
    yield
