"""A visit as a calendar file (RFC 5545): one event, in the zone of its site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OCTETS = 75  # of a line
TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_NEAR = timedelta(days=400)  # so far from an event its zone is described
_STEP = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """What a calendar is told: `uid` stays the same for ever, `sequence` rises with each change."""

    uid: str
    sequence: int
    status: str
    begins_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    location: str
    description: str
    url: str


def written(entry: Entry, *, now: datetime) -> str:
    """The file: lines of 75 octets at the most, each with CRLF."""
    told = (("LOCATION", entry.location), ("DESCRIPTION", entry.description))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Keqing//Visits//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        *_zone(entry), "BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{entry.sequence}", f"STATUS:{entry.status}",
        f"DTSTART;TZID={entry.zone}:{_local(entry.begins_at, entry.zone)}",
        f"DTEND;TZID={entry.zone}:{_local(entry.ends_at, entry.zone)}",
        f"SUMMARY:{_text(entry.summary)}",
        *(f"{name}:{_text(text)}" for name, text in told if text),
        f"URL:{entry.url}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets at the most, of which all but the first begin with a blank; no character is cut."""
    piece, room = "", OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", OCTETS - 1
        piece += character
        room -= size
    yield piece


def _zone(entry: Entry) -> Iterator[str]:
    """The zone as it is near the event: its offset a year before, and each change until a year after."""
    zone = ZoneInfo(entry.zone)
    first, last = entry.begins_at - _NEAR, entry.begins_at + _NEAR
    yield from ("BEGIN:VTIMEZONE", f"TZID:{entry.zone}")
    before = first.astimezone(zone)
    yield from _observance(before, before, start="19700101T000000")
    for at in _changes(zone, first, last):
        yield from _observance((at - timedelta(seconds=1)).astimezone(zone), at.astimezone(zone))
    yield "END:VTIMEZONE"


def _observance(before: datetime, after: datetime, *, start: str = "") -> Iterator[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    # A change is told in the time that was shown until then.
    onset = start or f"{(after.astimezone(UTC) + (before.utcoffset() or timedelta())):%Y%m%dT%H%M%S}"
    yield from (f"BEGIN:{kind}", f"DTSTART:{onset}", f"TZOFFSETFROM:{before:%z}", f"TZOFFSETTO:{after:%z}",
                f"TZNAME:{after:%Z}", f"END:{kind}")  # fmt: skip


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants between two at which a zone's offset changes, to the second."""
    at = first
    while at < last:
        then = at + _STEP
        if then.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset():
            low, high = at, then
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same and middle > low else (low, middle)
            yield high.replace(microsecond=0)
        at = then


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _text(words: str) -> str:
    return words.translate(_ESCAPED)
