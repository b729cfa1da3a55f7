"""What a web worker loads to serve the ORM's version."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.orm.settings"

from clutch_portal.web import application

__all__ = ["application"]
