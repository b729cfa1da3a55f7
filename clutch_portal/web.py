"""What a web worker of `make run` loads: the WSGI application, and the wish to end when its master is killed."""

import signal

from clutch_portal.embedded.processes import die_with_parent
from clutch_portal.wsgi import application

__all__ = ["application"]

die_with_parent(signal.SIGKILL)
