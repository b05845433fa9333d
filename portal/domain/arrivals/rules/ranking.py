"""Who is called when: by the time one booked, or came, and nobody is overtaken by much later comers."""

from datetime import datetime, timedelta

# Nobody is overtaken by somebody who came more than this later, whatever a site sets.
BOUND = timedelta(minutes=20)


def came(came_at: datetime, booked_at: datetime | None) -> datetime:
    """When somebody counts as come: who is early for a booking has come for the booked time."""
    return came_at if booked_at is None else max(came_at, booked_at)


def rank(
    came_at: datetime, *, booked_at: datetime | None = None, grace: timedelta = timedelta(), weight: timedelta = timedelta()
) -> datetime:
    """The place in the line: the booked time for who is on time (`grace` late at the most), else the arrival.

    `weight` is what priority is worth. The head start over one's own coming is BOUND at the most, so that of two who
    stand in the line the later one comes first only if he came less than that later.
    """
    on_time = booked_at is not None and came_at <= booked_at + grace
    place = booked_at if booked_at is not None and on_time else came_at
    start = came(came_at, booked_at if on_time else None)
    return max(place - min(weight, BOUND), start - BOUND)
