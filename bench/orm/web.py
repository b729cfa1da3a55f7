"""What a web worker loads to serve the ORM's version."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.orm.settings"

from clutch_portal.web import application  # noqa: E402 - the settings must be named first

__all__ = ["application"]
