import time
from apps.kernel.db.hot import hot_cursor
from apps.lookups.queries.unknown_skus import unknown_skus
from tests.shop import Shop


def test_big(charlie: Shop) -> None:
    c = hot_cursor()
    b = charlie.brand.pk
    c.execute("SET session_replication_role = replica")
    c.execute("SET statement_timeout = 0")
    t = time.perf_counter()
    c.execute(
        """INSERT INTO checkouts_checkout (brand_id, operation_id, wallet_id, currency, total, pre_discount, discount, paid_as_discount, happened_at)
      SELECT %s, ('00000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0'))::uuid, NULL, 'USD', 10, 0, 0, 0, '2024-01-01'::timestamptz + i * interval '30 s' FROM generate_series(1, 1000000) i""",
        [b],
    )
    c.execute(
        """INSERT INTO checkouts_line (brand_id, operation_id, no, sku, quantity, unit_price)
      SELECT %s, ('00000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0'))::uuid, n, 'SKU-' || lpad((((i*5+n)::bigint * 7919) %% 10000)::text, 5, '0'), 1, 2 FROM generate_series(1, 1000000) i, generate_series(1,5) n""",
        [b],
    )
    print("filled", time.perf_counter() - t)
    c.execute(
        """INSERT INTO catalog_product (brand_id, sku, name, is_active) SELECT %s, 'SKU-' || lpad(i::text, 5, '0'), '', true FROM generate_series(0, 9999) i WHERE i %% 100 <> 7""",
        [b],
    )
    c.execute("SET session_replication_role = origin")
    print(c.execute("select count(*), count(distinct sku) from checkouts_line").fetchone())

    def go(label, **k):
        for _ in range(2):
            t = time.perf_counter()
            r = unknown_skus(c, brand_id=b, **k)
            print(label, len(r), round((time.perf_counter() - t) * 1000, 1), "ms", r[:1])

    go("unanalyzed page of 50", count=50)
    c.execute("ANALYZE checkouts_line")
    c.execute("ANALYZE checkouts_checkout")
    c.execute("ANALYZE catalog_product")
    go("page of 50", count=50)
    go("all 100", count=1000)
    go("page 51-", count=50, after=unknown_skus(c, brand_id=b, count=50)[-1].sku)
    c.execute(
        """INSERT INTO catalog_product (brand_id, sku, name, is_active) SELECT %s, 'SKU-' || lpad(i::text, 5, '0'), '', true FROM generate_series(0, 9999) i WHERE i %% 100 = 7""",
        [b],
    )
    go("none unknown, 10000 skus", count=50)
    print(c.execute("select pg_size_pretty(pg_relation_size('checkouts_line_sku'))").fetchone())
