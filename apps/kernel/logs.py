"""One line of JSON for each event, whoever logs it: our own code, a library, Celery, or the web server."""

import logging

import structlog
from structlog.typing import EventDict, WrappedLogger


def without_query(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Addresses without what was looked for: people type names and e-mail addresses into search boxes."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.partition("?")[0]
    return event


PROCESSORS = (
    without_query,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
)
"""What every event gets: who logged it, how serious it is, when it was, and a traceback as text."""


def json_lines() -> logging.Formatter:
    """The formatter of every handler."""
    return structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(), foreign_pre_chain=PROCESSORS
    )


class NoAlarm(logging.Filter):
    """Anybody on the internet can cause these events: they are worth knowing, not worth waking up for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        return logging.getLogger().isEnabledFor(logging.INFO)
