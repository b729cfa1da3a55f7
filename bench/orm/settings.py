"""The product's settings with the ORM's version of updateBalance in front."""

from clutch_portal.settings import *  # noqa: F403
from clutch_portal.settings import MIDDLEWARE

MIDDLEWARE = ["bench.orm.view.OrmGateway", *MIDDLEWARE]
