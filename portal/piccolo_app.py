"""The one Piccolo app: every table of the portal, and where the migrations stand."""

from piccolo.conf.apps import AppConfig, table_finder

from portal.settings import ROOT

DOMAINS = (
    "sites", "accounts", "customers", "queues", "complaints", "bookings", "arrivals", "search", "displays", "exports",
    "reports",
)  # fmt: skip
MODULES = (
    "portal.events.tables",
    "portal.photos.tables",
    "portal.access_log",
    "portal.once",
    "portal.security.rates",
    *(f"portal.domain.{name}.tables" for name in DOMAINS),
)

APP_CONFIG = AppConfig(
    app_name="portal",
    migrations_folder_path=ROOT / "migrations",
    table_classes=table_finder(modules=list(MODULES), exclude_imported=True),
)
