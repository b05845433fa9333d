"""Photos on the disk: sealed, whole or not there, and gone when no row names them."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from portal import clock
from portal.photos.images import Clean
from portal.photos.store import Store

PHOTO = Clean(full=b"the whole photo", thumb=b"the small one", width=3, height=2)


class WrongPlace(Exception):
    """A sealed file was opened as another."""


def seal(data: bytes, place: str) -> bytes:
    return place.encode() + b"|" + data[::-1]


def unseal(data: bytes, place: str) -> bytes:
    found, _bar, body = data.partition(b"|")
    if found.decode() != place:
        raise WrongPlace(found)
    return body[::-1]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files", seal, unseal)


def files(store: Store) -> list[Path]:
    return sorted(path for path in store._root.rglob("*") if path.is_file())


@pytest.mark.anyio
async def test_a_photo_comes_back_in_both_sizes(store: Store) -> None:
    photo_id = uuid4()

    await store.put(photo_id, PHOTO)

    assert await store.get(photo_id) == PHOTO.full
    assert await store.get(photo_id, "thumb") == PHOTO.thumb
    assert await store.get(uuid4()) is None
    folder = photo_id.hex[-2:]
    assert files(store) == [store._root / folder / f"{photo_id}.full", store._root / folder / f"{photo_id}.thumb"]


@pytest.mark.anyio
async def test_what_lies_on_the_disk_is_sealed_to_its_place_and_nobody_elses(store: Store) -> None:
    photo_id = uuid4()
    await store.put(photo_id, PHOTO)
    full, thumb = files(store)

    assert PHOTO.full not in full.read_bytes()
    assert full.stat().st_mode & 0o777 == 0o600
    assert full.parent.stat().st_mode & 0o777 == 0o700

    thumb.replace(full)
    with pytest.raises(WrongPlace):
        await store.get(photo_id)


@pytest.mark.anyio
async def test_a_photo_is_on_the_disk_before_put_returns(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(handle: int) -> None:
        deeds.append("sync " + Path(f"/proc/self/fd/{handle}").readlink().suffix)
        fsync(handle)

    def watched_replace(path: Path, target: Path) -> Path:
        deeds.append(f"name {target.suffix}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)

    await store.put(uuid4(), PHOTO)

    assert deeds == ["sync ", "sync .tmp", "name .full", "sync .tmp", "name .thumb", "sync "]


@pytest.mark.anyio
async def test_a_full_disk_leaves_no_half_a_photo(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync, calls = os.fsync, iter(range(9))

    def full(handle: int) -> None:
        if next(calls) == 2:  # the folder and the large one have found room
            raise OSError(28, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        await store.put(uuid4(), PHOTO)

    assert files(store) == []


@pytest.mark.anyio
async def test_a_removed_photo_is_gone_and_may_be_removed_again(store: Store) -> None:
    photo_id = uuid4()
    await store.put(photo_id, PHOTO)

    await store.remove(photo_id)
    await store.remove(photo_id)

    assert files(store) == []


@pytest.mark.anyio
async def test_the_sweep_takes_old_orphans_and_nothing_else(store: Store) -> None:
    named, orphan, young = uuid4(), uuid4(), uuid4()
    asked: list[UUID] = []

    async def known(ids: list[UUID]) -> set[UUID]:
        asked.extend(ids)
        return {named}

    try:
        clock.travel(clock.now() - timedelta(hours=3))
        await store.put(named, PHOTO)
        await store.put(orphan, PHOTO)
        draft = store._root / named.hex[-2:] / f"{named}.full.0123abcd.tmp"
        draft.write_bytes(b"half")
        os.utime(draft, (0, 0))
    finally:
        clock.travel(None)
    await store.put(young, PHOTO)

    removed = await store.sweep(known, timedelta(hours=1))

    assert removed == 1
    assert sorted(asked) == sorted([named, orphan])
    assert await store.get(orphan) is None
    assert await store.get(named) and await store.get(young)
    assert not draft.exists()


@pytest.mark.anyio
async def test_a_folder_that_was_never_made_has_nothing_to_sweep(store: Store) -> None:
    async def known(_ids: list[UUID]) -> set[UUID]:
        raise AssertionError("nobody to ask about")

    assert await store.sweep(known, timedelta()) == 0
