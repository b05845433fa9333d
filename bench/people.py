"""Who works at the site of the benchmark."""

SITE = "hotel"
PASSWORD = "portal-bench"  # noqa: S105  # of databases that live for one run
DESK, SECOND, FLOOR, MANAGER = "hotel.desk", "hotel.desk2", "hotel.floor", "hotel.manager"
GUARD = "hotel.guard"  # of the search alone
PEOPLE = ((DESK, "王芳", "desk"), (SECOND, "李静", "desk"), (FLOOR, "赵强", "floor"), (MANAGER, "陈明", "manager"))
