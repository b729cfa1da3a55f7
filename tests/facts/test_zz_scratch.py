import time
from apps.kernel.db.hot import hot_cursor
from tests.shop import Shop
from apps.facts.operations import rebuild_facts as R
from apps.facts.queries import wrong_facts as W
from apps.facts.queries.families import next_families, FIRST
def test_big(charlie: Shop) -> None:
    c = hot_cursor(); b = charlie.brand.pk
    charlie.card()
    for t in ("ledger_wallet","requestlog_operation","checkouts_checkout","checkouts_line","facts_visits","facts_purchases","facts_skucount","facts_placecount","ledger_void","cards_transfer"):
        c.execute(f"ALTER TABLE {t} SET (autovacuum_enabled = off)")
    c.execute("SET session_replication_role = replica"); c.execute("SET statement_timeout = 0")
    c.execute("""INSERT INTO ledger_wallet (brand_id, id, program_id, card_set_id, owner_location_id, is_demo, last_seq, last_lot, last_at)
      SELECT %s, 1000000 + i, 1, 1, 1, false, 0, 0, 'epoch' FROM generate_series(1, 20000) i""", [b])
    c.execute("""INSERT INTO requestlog_operation (brand_id, id, origin, call_type, occurred_at, recorded_at, family_id)
      SELECT %s, ('00000000-0000-0000-0000-' || lpad(to_hex(i * 100 + n), 12, '0'))::uuid, 1, 6, '2024-01-01'::timestamptz + n * interval '1 day', now(), 1000000 + i FROM generate_series(1, 20000) i, generate_series(1, 20) n""", [b])
    c.execute("""INSERT INTO checkouts_checkout (brand_id, operation_id, wallet_id, location_id, currency, total, pre_discount, discount, paid_as_discount, happened_at)
      SELECT brand_id, id, family_id, 1, 'USD', 10, 0, 0, 0, occurred_at FROM requestlog_operation WHERE brand_id = %s AND call_type = 6""", [b])
    c.execute("""INSERT INTO checkouts_line (brand_id, operation_id, no, sku, quantity, unit_price)
      SELECT brand_id, operation_id, n, 'S' || (n * 7), 1, 2 FROM checkouts_checkout, generate_series(1,3) n WHERE brand_id = %s""", [b])
    c.execute("SET session_replication_role = origin")
    def go(label):
        above = FIRST
        for k in range(6):
            f = next_families(c, brand_id=b, above=above, count=200); above = f[-1]
            p = {"brand": b, "families": f}
            out = []
            c.execute("BEGIN")
            for name, text in W._DIFFERENCES.items():
                t=time.perf_counter(); c.execute(text, p, prepare=False).fetchall(); out.append(("check "+name, round((time.perf_counter()-t)*1000)))
            for pair, name in zip(R._REPAIRS, W._DIFFERENCES):
                for w, text in (("repair", pair),):
                    t=time.perf_counter(); c.execute(text, p, prepare=False); out.append((w+" "+name, round((time.perf_counter()-t)*1000)))
            c.execute("COMMIT")
            if k in (0, 1, 5): print(label, k, out)
    def explain(text):
        f = next_families(c, brand_id=b, above=FIRST, count=200)
        c.execute("BEGIN")
        for r in c.execute("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) " + text, {"brand": b, "families": f}, prepare=False).fetchall(): print(r[0])
        c.execute("ROLLBACK")
    go("no statistics")
    go("again")
    for t in ("checkouts_line", "checkouts_checkout", "requestlog_operation", "ledger_wallet"): c.execute(f"ANALYZE {t}")
    go("history analysed")
    for t in ("facts_visits","facts_purchases","facts_skucount","facts_placecount"): c.execute(f"ANALYZE {t}")
    go("all analysed")
