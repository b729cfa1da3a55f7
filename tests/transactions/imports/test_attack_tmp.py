from pathlib import Path
import pytest
from apps.checkouts.models import Checkout
from apps.facts.models import Visits
from apps.requestlog.models import Operation
from tests.facts.told import wrong
from tests.shop import Shop
from tests.transactions.imports.files import job_of, run, state, written, refusal
from tests.transactions.imports.test_transactions import HEADER, bought, card, issue, redeem  # noqa

def test_unreadable(acme: Shop, card: str, tmp_path: Path) -> None:
    usd = {"balanceType": "Currency", "balanceCode": "USD", "amount": "10"}
    path = written(tmp_path, HEADER, issue("01-05", "50"),
        bought("02-01", reference="A", sku="hat", unitPrice="20"),
        bought("02-01", reference="A", sku="tea", unitPrice="1,5", **usd),
        bought("02-01", reference="A", sku="tea", unitPrice="2"))
    print(run(acme, path, "transactions"))
    print(list(Checkout.objects.filter(brand=acme.brand).values_list("total", flat=True)))
    assert not Checkout.objects.filter(brand=acme.brand).exists()

def test_link(acme: Shop, tmp_path: Path) -> None:
    other = tmp_path / "precious"; other.write_text("precious")
    path = written(tmp_path, "cardNumber,cardSetId,pin,location", "1,gift-cards,bad,main-street")
    path.with_name(path.name + ".errors.csv").symlink_to(other)
    try: print(run(acme, path, "cards"))
    except Exception as e: print(repr(e))
    assert other.read_text() == "precious"

def test_visits(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, "cardNumber,cardSetId,location,activationDate,balance:Currency:USD", "7001,gift-cards,main-street,2023-12-31 00:00:00,5"), "cards")
    print(run(acme, written(tmp_path, HEADER, bought("02-01", total="5"), bought("03-01", total="5"), bought("04-01", total="5")), "transactions"))
    print(list(Visits.objects.filter(brand=acme.brand).values()))
    print(list(Operation.objects.filter(brand=acme.brand).values_list("call_type","occurred_at")))
    assert not wrong(acme)
    assert Visits.objects.get(brand=acme.brand).visits == 3

def test_category(acme: Shop, tmp_path: Path) -> None:
    p = " > ".join(["a"*63, "b", "!!", "日本", "_x", "-", "Ünï"])
    rows = [f"s{n},{p} > {'y'*k}" for n, k in enumerate((1,2,3,50,63,64))]
    print(run(acme, written(tmp_path, "sku,category", *rows), "products"))

def test_crash_then_closed(acme: Shop, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.jobs.operations import run_import as frame
    from datetime import datetime, UTC
    from tests.merchant_api.steady import close_books
    path = written(tmp_path, HEADER, issue("01-05", "50"))
    def crash(*a, **k): raise RuntimeError
    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(frame, "advance_job", crash); run(acme, path, "transactions")
    close_books(acme, through=datetime(2024, 1, 31, tzinfo=UTC))
    print(run(acme, path, "transactions"))
    assert acme.free(card) == 50
    assert job_of(acme).rows_refused == 0

def test_cr_only(acme: Shop, tmp_path: Path) -> None:
    path = tmp_path / "cr.csv"; path.write_bytes(b"cardNumber,cardSetId\r1,gift-cards\r")
    print(refusal(acme, path, "cards"))
    path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbfcardNumber,cardSetId\n1,gift-cards\n")
    print(refusal(acme, path, "cards"))
    path.write_bytes(b"cardNumber,cardSetId,balance:Currency:USD,location\n1,gift-cards,\xef\xbc\x91\xef\xbc\x92,main-street\n2,gift-cards,1e3,main-street\n3,gift-cards,-0,main-street\n4,gift-cards,+1,main-street\n5,gift-cards,999999999999.99,main-street\n6,gift-cards,\"1.00\n\",main-street\n")
    print(run(acme, path, "cards"))
