from apps.customers.core.traces import Traces
from apps.requestlog.queries.requests_about import requests_about
from apps.kernel.db.hot import hot_cursor
from tests.shop import Shop
from tests.transactions.ada import ada_of
from apps.requestlog.models import Request
from tests.lookups.test_export_person import text_of
import json, time, pytest

def test_odd(acme: Shop) -> None:
    for raw in (b'{"filters":{"email":"\\ud800@x"}}', b'{filters:{"lastName":"\\ud800"}}'):
        r = acme.client.post("/merchant/search", raw, content_type="application/json", **getattr(acme, "headers", {})) if hasattr(acme,"client") else None
        print(r and (r.status_code, r.content))
    for f in ({"lastName": "\ud800x"}, {"lastNamePrefix": "%%%", "firstNamePrefix": "___"}, {"email": "x"*500000},
              {"lastNamePrefix": "x"*100000, "firstNamePrefix": "y"*100000}, {"phone": "9"*5000}, {"cardNumber": "c"*100000}, {"customDemographics":[{"fieldName":"x"*1000,"textValue":"y"*100000}]},
              {"cardNumber": "1", "excludeCardSetIds": [str(i) for i in range(60000)]}, {"programTypes": ["x"*1000]*1000}, {"programTypes": [""]}, {"lastNamePrefix":"\U0010ffff"*3,"firstNamePrefix":"İİİ"}):
        try:
            t=time.time(); r = acme.post("search", {"filters": f}); print(str(f)[:60], r.status, r.body.get("errorCode"), len(r.body.get("cards",[])), time.time()-t)
        except Exception as e:
            print(str(f)[:60], "EXC", repr(e)[:200])

@pytest.mark.parametrize("n", [300, 2000, 6000])
def test_many_emails(acme: Shop, n: int) -> None:
    t = Traces.of([(f"First{i}", f"Last{i}", f"somebody{i}@example.com", f"+1415555{i:04d}", "") for i in range(n)])
    acme.post("search", {"filters": {"email": "x@y"}})
    s=time.time()
    print(requests_about(hot_cursor(), brand_id=acme.brand.pk, card_number="X", pattern=t.pattern("X")), time.time()-s)

def test_or(acme: Shop) -> None:
    ada = ada_of(acme); other = acme.card("OTHER")
    acme.ok("search", {"filters": {"cardNumber": other, "email": "ada@example.com"}, "filterLogicAnd": False, "returnFields": {"customer": True}})
    acme.ok("search", {"cardNumber": other, "filters": {"email": "ada@example.com"}, "returnFields": {"customer": True}})
    print("LEAK", text_of(acme, other).count("Lovelace"))
