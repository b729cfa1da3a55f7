from datetime import timedelta
from decimal import Decimal
from typing import Any
import time
import pytest
from django.db import connection
from apps.ledger.models import Lot, Entry, Wallet
from apps.cards.models import Card, Event, ChildCard
from apps.ledger.queries.books import in_transit, liability
from tests.facts.told import rebuild, wrong
from tests.merchant_api.methods.test_after_transfer import *
from tests.merchant_api.methods.test_after_transfer import total, free, child, KID, scaled
from tests.merchant_api.methods.test_transfer import into, out, moved
from tests.merchant_api.steady import ago, ahead, NOW, change_type, change_brand, close_books, history, movements, refused
from tests.shop import Shop, usd
for _n in list(globals()):
    if _n.startswith("test_"):
        del globals()[_n]
D = Decimal

def expire_soon(s=2):
    return ahead(seconds=s)

def pages(shop, card, size, **more):
    rows, offset = [], 0
    while True:
        reply = shop.ok("cardHistory", {"cardNumber": card, "maxResults": size, "offset": offset} | more)
        if not reply["transactions"]:
            return rows, reply
        rows += reply["transactions"]; offset += size

def test_pages(acme: Shop) -> None:
    first, second, third = acme.card(customRequestDate=ago(days=9)), acme.card(), acme.card()
    child(acme, first); child(acme, first, "sis")
    acme.issue(first, 9, customRequestDate=ago(days=8), issuedBalanceExpiration=ago(days=3))
    soon = ahead(seconds=int(time.time()-NOW.timestamp())+8); until = int(time.time())+9
    acme.issue(first, 20, issuedBalanceExpiration=soon, **KID)
    acme.issue(first, 2, issuedBalanceExpiration=soon, childCardNumber="sis")
    acme.issue(first, 3, issuedBalanceExpiration=soon)
    acme.issue(first, 30)
    out(acme, first); into(acme, second, first)
    acme.redeem(second, 4)
    out(acme, second); into(acme, third, second)
    from datetime import datetime, UTC
    def check():
        whole, reply = pages(acme, third, 100)
        for n in (1, 2, 3, 7):
            part, last = pages(acme, third, n)
            assert [r["transactionId"] for r in part] == [r["transactionId"] for r in whole]
            assert last["transactionCount"] == last["matchCount"] == len(whole)
        old, _ = pages(acme, third, 100, sortMostRecentFirst=False)
        assert [r["transactionId"] for r in old] == [r["transactionId"] for r in whole][::-1]
        only, r = pages(acme, third, 2, restrictTransactionTypes=["TRANSFER"])
        assert len(only) == 4 and r["matchCount"] == 4 and r["transactionCount"] == len(whole)
        return whole
    a = check()
    assert total(a) == D(9-9+20+2+3+30-4)
    while time.time() < until:
        time.sleep(.5)
    b = check()
    assert total(b) == D(29)
    exp = [r for r in b if "callType" not in r]
    from apps.transactions.tasks import sweep_due_value
    sweep_due_value()
    c = check()
    assert b == c
    assert len(exp) == 3, exp
    assert total(history(acme, third, **KID)) == 0
    for card in (first, second):
        assert total(history(acme, card)) == 0

def test_expired_between(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    child(acme, old)
    acme.issue(old, 5, issuedBalanceExpiration=ahead(seconds=int(time.time()-NOW.timestamp())+3))
    acme.issue(old, 6, issuedBalanceExpiration=ahead(seconds=int(time.time()-NOW.timestamp())+3), **KID)
    acme.issue(old, 7, issuedBalanceActivation=ahead(seconds=int(time.time()-NOW.timestamp())+3), **KID)
    acme.issue(old, 1, isReturnRelated=True, **KID)
    out(acme, old)
    time.sleep(4)
    into(acme, new, old)
    assert free(acme, new, **KID) == D(8)
    assert total(history(acme, new, **KID)) == D(8)
    assert total(history(acme, new)) == D(8)
    assert in_transit(brand_id=acme.brand.pk, day=NOW.date()+timedelta(days=1)) == []

def test_max_counts_held_and_delayed(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    acme.issue(old, 60_000)
    acme.issue(new, 30_000); acme.hold(new, 30_000)
    acme.issue(new, 10_001, issuedBalanceActivation="2089-01-01 00:00:00")
    out(acme, old)
    refused(acme, 13, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})

def test_closed_and_owner(acme: Shop) -> None:
    elsewhere = {"Location": acme.other_location.code, "Terminal": acme.other_terminal.code}
    old, new = "old-1", acme.card()
    acme.ok("allocate", {"cardNumber": old, "cardSetId": acme.gift_set.code, "createIfNew": True}, **elsewhere)
    child(acme, new); child(acme, old, "sis")
    acme.issue(new, 7); acme.hold(new, 2); acme.issue(new, 3, **KID); acme.issue(old, 4, childCardNumber="sis")
    acme.issue(old, 11)
    close_books(acme, NOW + timedelta(days=3))
    out(acme, old)
    into(acme, new, old, owningLocationType="source")
    assert {e.booked_on for e in Entry.objects.filter(brand=acme.brand, kind=12)} == {(NOW+timedelta(days=4)).date()}
    print(liability(brand_id=acme.brand.pk, day=(NOW+timedelta(days=9)).date()))
    print(acme.location.pk, acme.other_location.pk)
    assert in_transit(brand_id=acme.brand.pk, day=(NOW+timedelta(days=9)).date()) == []

def test_events_chain(acme: Shop) -> None:
    from apps.customers.models import EventType
    acme.ok("createEventType", {"categoryId": "call"}) if False else None
    a, b, c = acme.card(), acme.card(), acme.card()
    acme.ok("updateAccount", {"cardNumber": a, "thirdPartyUpdates": [{"thirdParty": "email", "optIn": True}]})
    acme.ok("updateAccount", {"cardNumber": b, "thirdPartyUpdates": [{"thirdParty": "email", "optIn": True}]})
    out(acme, a); into(acme, b, a, mergeMode="combine")
    out(acme, b); into(acme, c, b, mergeMode="combine")
    w = Card.objects.get(brand=acme.brand, number=c).wallet_id
    assert Event.objects.filter(brand=acme.brand, wallet_id=w).count() == 2

@pytest.mark.parametrize("number", ["a b", "ü-ß-\u4e2d", "%s%%", "a'b\"c", "\\x00", "{rows}", "a/b/c"])
def test_odd_numbers(acme: Shop, number: str) -> None:
    root, new = acme.card(), acme.card()
    child(acme, root, number)
    acme.issue(root, 5, childCardNumber=number)
    out(acme, root); into(acme, new, root)
    assert free(acme, new, childCardNumber=number) == 5

def test_explain(acme: Shop) -> None:
    from apps.cards.queries import locks, transferred, heirs
    from apps.lookups.queries import history_wallets
    from apps.coupons import fragments as cf
    with connection.cursor() as c:
        c.execute("SET session_replication_role = replica")
        b = acme.brand.pk
        c.execute(f"insert into ledger_wallet (brand_id,id,root_id,program_id,card_set_id,owner_location_id,is_demo,last_seq,last_lot,last_at) select {b}, 10000000+g, case when g%5=0 then 10000000+g-1 end, 1,1,1,false,0,0,now() from generate_series(1,60000) g")
        c.execute(f"insert into cards_transfer (brand_id,source_wallet_id,out_operation_id,in_operation_id,target_wallet_id) select {b}, 10000000+g, gen_random_uuid(), gen_random_uuid(), 10000000+g+1 from generate_series(1,30000) g")
        c.execute(f"insert into cards_card (brand_id,number,card_set_id,status,shuffle,is_demo,family_id,wallet_id,activated_at,custom_number) select {b}, 'Q'||g, 1, 3, g, false, 10000000+g, 10000000+g, now(), null from generate_series(1,40000) g")
        c.execute(f"insert into cards_childcard (brand_id,number,family_id,wallet_id,activated_at) select {b}, 'kid', 10000000+g-1, 10000000+g, now() from generate_series(5,60000,5) g")
        c.execute("SET session_replication_role = DEFAULT")
        for t in ("ledger_wallet","cards_transfer","cards_card","cards_childcard"):
            c.execute(f"analyze {t}")
    import psycopg
    from apps.kernel.db.hot import hot_cursor
    def ex(sql, params):
        cur = psycopg.ClientCursor(connection.connection)
        cur.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + sql, params)
        rows=[r[0] for r in cur.fetchall()]
        print("\n".join(rows)); print("---------")
        return rows
    lk = locks.lock_families(["Q7"], also={10000900})
    b = acme.brand.pk
    ex(lk.sql.replace("{mine}", "true"), {"brand": b, **lk.params})
    ex(transferred._OUT, {"brand": b, "family": 10000904})
    ex(heirs._PREDECESSORS, {"brand": b, "family": 10000004})
    ex(history_wallets._WALLETS, {"brand": b, "family": 10040904, "wallet": 10040904})
    from apps.cards.queries import read_cards
    ex(read_cards._WITH_CHILD.replace("{numbers}", "'Q904'"), {"brand": b, "child": "kid"})
    with connection.cursor() as c:
        c.execute("SET session_replication_role = replica")
        for t in ("cards_childcard","cards_card","cards_transfer"):
            c.execute(f"delete from {t} where brand_id = %s", [b])
        c.execute("delete from ledger_wallet where brand_id=%s", [b])
        c.execute("SET session_replication_role = DEFAULT")
