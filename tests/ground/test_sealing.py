"""Sealed fields open where they were sealed and nowhere else; indexes find equal values and tell nothing."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator

import pytest

from portal import sealing, settings
from portal.ids import new_id

Ring = Callable[..., None]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """Change the key ring: ring(1, 2) has the keys number 1 and 2."""
    before = settings.current()

    def forget() -> None:
        for cached in (sealing._newest, sealing._cipher, sealing._index_key):
            cached.cache_clear()

    def change(*numbers: int) -> None:
        keys = {number: bytes([number]) * 32 for number in numbers}
        monkeypatch.setattr(settings, "current", lambda: dataclasses.replace(before, encryption_keys=keys))
        forget()

    yield change
    monkeypatch.undo()
    forget()


def test_what_was_sealed_opens_in_its_place() -> None:
    place = f"complaint.name:{new_id()}"

    cell = sealing.seal("陈先生", place)

    assert "陈" not in cell
    assert cell.startswith("v1|")
    assert sealing.unseal(cell, place) == "陈先生"


def test_the_same_text_is_never_sealed_alike() -> None:
    assert sealing.seal("13800138000", "a") != sealing.seal("13800138000", "a")


def test_a_cell_moved_to_another_row_or_column_is_refused() -> None:
    row, other = new_id(), new_id()
    cell = sealing.seal("13800138000", f"complaint.phone:{row}")

    for place in (f"complaint.phone:{other}", f"complaint.name:{row}", ""):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(cell, place)


@pytest.mark.parametrize("change", ["v1|2|AAAA", "plain text", "v2|2|AAAA", "v1|9|AAAA", "v1||", "|||", "v1|2|*"])
def test_what_was_not_sealed_here_is_refused(change: str) -> None:
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(change, "place")


def test_a_changed_letter_is_refused() -> None:
    cell = sealing.seal("13800138000", "place")
    changed = cell[:-6] + ("A" if cell[-6] != "A" else "B") + cell[-5:]

    with pytest.raises(sealing.Unreadable):
        sealing.unseal(changed, "place")


def test_nothing_stays_nothing() -> None:
    assert sealing.seal("", "place") == ""
    assert sealing.unseal("", "place") == ""
    assert sealing.index("", "customer.phone") == ""


def test_a_file_opens_in_its_place() -> None:
    data = bytes(range(256)) * 100

    sealed = sealing.seal_bytes(data, "photo:1")

    assert data[:64] not in sealed
    assert sealing.unseal_bytes(sealed, "photo:1") == data
    for wrong in (sealed[:-1], sealed[:20], b"", b"\x00\x01" + sealed[2:]):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal_bytes(wrong, "photo:1")
    with pytest.raises(sealing.Unreadable):
        sealing.unseal_bytes(sealed, "photo:2")


def test_an_index_is_equal_for_equal_values_of_one_purpose() -> None:
    index = sealing.index("+8613800138000", "customer.phone")

    assert index == sealing.index("+8613800138000", "customer.phone")
    assert index != sealing.index("+8613800138001", "customer.phone")
    assert index != sealing.index("+8613800138000", "visitor.phone")
    assert len(index) == 32


def test_an_index_is_keyed(ring: Ring) -> None:
    ring(1)
    one = sealing.index("+8613800138000", "customer.phone")
    ring(2)
    other = sealing.index("+8613800138000", "customer.phone")

    assert one != other
    assert one not in hashlib.sha256(b"+8613800138000").hexdigest()


def test_a_new_key_opens_the_old_cells_and_keeps_the_indexes(ring: Ring) -> None:
    ring(1)
    cell, index = sealing.seal("陈先生", "place"), sealing.index("陈先生", "name")

    ring(1, 2)

    assert sealing.unseal(cell, "place") == "陈先生"
    assert sealing.seal("陈先生", "place").startswith("v1|2|")
    assert sealing.index("陈先生", "name") == index


def test_without_the_key_nothing_opens(ring: Ring) -> None:
    ring(1)
    cell = sealing.seal("陈先生", "place")

    ring(2)

    with pytest.raises(sealing.Unreadable):
        sealing.unseal(cell, "place")
