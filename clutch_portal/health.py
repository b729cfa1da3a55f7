"""What load balancers and supervisors ask.

/healthz   this process answers
/readyz    it can work: database and Redis answer, and no migration is missing

Probes come by address, over plain HTTP and with any Host header, so they are answered before these are looked at.
"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

PATIENCE = 1.0
"""Seconds to wait for Redis."""


class HealthProbes:
    """Answers the two paths."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        answer = probe()
        add_never_cache_headers(answer)
        return answer


def healthz() -> JsonResponse:
    """200 whenever the process answers at all; asks nobody else."""
    return JsonResponse({"status": "ok"})


def readyz() -> JsonResponse:
    """200 if everything that calls need is there, else 503 and what is missing."""
    missing = [name for name, check in (("database", _database), ("redis", _redis)) if not check()]
    if not missing and _migrations_missing():
        missing.append("migrations")
    status = "not ready" if missing else "ok"
    return JsonResponse({"status": status, "missing": missing}, status=503 if missing else 200)


PROBES = {"/healthz": healthz, "/readyz": readyz}


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def _redis() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _migrations_missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
