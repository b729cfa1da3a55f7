"""What load balancers and supervisors ask.

/healthz   this process answers
/readyz    it can work: database and Redis answer, and no migration is missing
"""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE = 1.0
"""Seconds to wait for Redis."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 whenever the process answers at all; asks nobody else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if everything that calls need is there, else 503 and what is missing."""
    missing = [name for name, check in (("database", _database), ("redis", _redis)) if not check()]
    if not missing and _migrations_missing():
        missing.append("migrations")
    status = "not ready" if missing else "ok"
    return JsonResponse({"status": status, "missing": missing}, status=503 if missing else 200)


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
