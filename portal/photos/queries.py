"""Which photos belong to what."""

from collections import defaultdict
from uuid import UUID

from portal.errors import NotFound
from portal.photos import services
from portal.photos.store import Size
from portal.photos.tables import Photo


async def by_entry(subject: UUID) -> dict[UUID, list[UUID]]:
    """The photos of a subject by the words they came with, in the order they came."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for row in await Photo.select(Photo.id, Photo.entry).where(Photo.subject == subject).order_by(Photo.at, Photo.id):
        found[row["entry"]].append(row["id"])
    return found


async def subject(photo_id: UUID, site: UUID) -> UUID:
    """What a photo of this site belongs to; raises NotFound."""
    row = await Photo.select(Photo.subject).where(Photo.id == photo_id, Photo.site == site).first()
    if row is None:
        raise NotFound
    found: UUID = row["subject"]
    return found


async def read(photo_id: UUID, size: Size) -> bytes:
    """The JPEG; raises NotFound where its row or its file is gone."""
    row = await Photo.select(Photo.file).where(Photo.id == photo_id).first()
    data = await services.store().get(row["file"] or photo_id, size) if row else None
    if data is None:
        raise NotFound
    return data
