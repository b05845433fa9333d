"""Where Piccolo finds the database and the one app of the portal."""

from portal import engines, settings  # isort: skip  # portal first: it puts the mended SQLite in place
from piccolo.conf.apps import AppRegistry

DB = engines.make(settings.current().database_url)
APP_REGISTRY = AppRegistry(apps=["portal.piccolo_app"])
