"""The planner must not know brands: see the migration `brand_statistics`."""

from django.db import connection

from apps.requestlog.operations.make_month_partitions import make_month_partitions
from tests.merchant_api.steady import NOW

KNOWN = """SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE a.attname = 'brand_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
 AND a.attstattarget IS DISTINCT FROM 0"""


def test_no_table_keeps_statistics_about_brands() -> None:
    make_month_partitions(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN)
        assert cursor.fetchall() == []
