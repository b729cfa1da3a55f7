"""Note when API keys were last used."""

from collections.abc import Mapping
from datetime import datetime

from apps.kernel.db.hot import hot_cursor

_NOTE = """UPDATE brands_apicredential c SET last_used_at = u.at
 FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) u (id, at)
 WHERE c.brand_id = %(brand)s AND c.id = u.id AND (c.last_used_at IS NULL OR c.last_used_at < u.at)"""


def note_credential_use(*, brand_id: int, uses: Mapping[int, datetime]) -> int:
    """Set `last_used_at` of a brand's keys by their id, never back in time; returns how many were news."""
    if not uses:
        return 0
    params = {"brand": brand_id, "ids": list(uses), "moments": list(uses.values())}
    return hot_cursor().execute(_NOTE, params).rowcount
