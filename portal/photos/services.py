"""Taking photos in: sealed and on the disk before the transaction that names them, forgotten with what they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from portal import clock, database, sealing, settings
from portal.ids import new_id
from portal.photos import images
from portal.photos.store import Store
from portal.photos.tables import Photo

MOST = 5


@dataclass(frozen=True)
class Stored:
    """A photo whose files are on the disk; without a row it is swept away."""

    id: UUID
    width: int
    height: int


@cache
def store() -> Store:
    """The folder of this installation."""
    return Store(settings.current().files, sealing.seal_bytes, sealing.unseal_bytes)


async def keep(clean: Sequence[images.Clean]) -> list[Stored]:
    """Put cleaned photos on the disk."""
    kept = []
    for photo in clean:
        stored = Stored(new_id(), photo.width, photo.height)
        await store().put(stored.id, photo)
        kept.append(stored)
    return kept


async def attach(pictures: Sequence[Stored], *, site: UUID, subject: UUID, entry: UUID) -> None:
    """Write the rows of stored photos, in the running transaction."""
    if pictures:
        now = clock.now()
        await database.insert(Photo, *(
            {"id": one.id, "site": site, "subject": subject, "entry": entry, "width": one.width, "height": one.height,
             "at": now}
            for one in pictures
        ))  # fmt: skip


async def show_again(of: UUID, words: UUID, *, subject: UUID, entry: UUID) -> None:
    """Show the photos that came with some words of a subject at another too, with rows of their own and the same files."""
    rows = await Photo.select().where(Photo.subject == of, Photo.entry == words).order_by(Photo.at, Photo.id)
    again = [row | {"id": new_id(), "subject": subject, "entry": entry, "file": row["file"] or row["id"]} for row in rows]
    if again:
        await database.insert(Photo, *again)


async def forget(subject: UUID) -> None:
    """Remove the rows of a subject's photos; their files go with the next sweep."""
    await Photo.delete().where(Photo.subject == subject)


async def sweep(older_than: timedelta = timedelta(hours=1)) -> int:
    """Remove files that no row names."""

    async def known(ids: list[UUID]) -> set[UUID]:
        rows = await Photo.select(Photo.id, Photo.file).where(Photo.id.is_in(ids) | Photo.file.is_in(ids))
        return {row["file"] or row["id"] for row in rows}

    return await store().sweep(known, older_than)
