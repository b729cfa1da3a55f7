"""The Request Ref page."""

from uuid import UUID

import pytest
from django.test import Client

from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Void
from tests.portal.acme import Acme
from tests.portal.calls import log_call, log_change, make_dollars, post

ADA = {"primaryCustomer": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.org"}, "cardNumber": "6000"}


def page_of(client: Client, reference: UUID) -> str:
    answer = client.get(f"/requests/{reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_machine_pane_tells_where_and_when(acme: Acme, alice: Client) -> None:
    page = page_of(alice, log_call(acme, address="203.0.113.24", micros=5321))
    for text in ("Downtown", "Till 1", "203.0.113.24", "2026-03-10 08:00:00", "2026-03-10 12:00:00", "5.3 ms"):
        assert text in page


def test_bodies_are_indented_and_keep_their_digits(acme: Acme, alice: Client) -> None:
    page = page_of(alice, log_call(acme, request=b'{"unitPrice":12.00,"big":12345678901234567890}'))
    assert ">12.00<" in page
    assert ">12345678901234567890<" in page


def test_markup_in_a_body_is_shown_as_text(acme: Acme, alice: Client) -> None:
    page = page_of(alice, log_call(acme, request={"note": "<script>alert(1)</script>"}, response=b"<b>no JSON"))
    assert "<script>alert" not in page
    assert "<b>no JSON" not in page


def test_personal_data_is_hidden_without_the_right(acme: Acme, alice: Client) -> None:
    page = page_of(alice, log_call(acme, request=ADA, response={"cards": [{"customer": {"email": "ada@example.org"}}]}))
    assert "Byron" not in page
    assert "ada@example.org" not in page
    assert "Personal data is hidden" in page
    assert "6000" in page


def test_personal_data_is_shown_with_the_right(acme: Acme, bob: Client) -> None:
    page = page_of(bob, log_call(acme, request=ADA))
    assert "Byron" in page
    assert "Personal data is hidden" not in page


def test_balance_movements_are_listed(acme: Acme, alice: Client) -> None:
    wallet, dollars = make_dollars(acme)
    reference = log_call(acme)
    log_change(acme, reference)
    post(acme, wallet, dollars, reference, [(EntryKind.REDEEM, "-12.50")])
    page = page_of(alice, reference)
    assert "Redeemed" in page
    assert "\N{MINUS SIGN}12.50" in page


def test_refusal_names_its_code(acme: Acme, alice: Client) -> None:
    assert "Refused: 10 Invalid PIN" in page_of(alice, log_call(acme, error_code=10, http_status=400))


def test_void_and_voided_lead_to_each_other(acme: Acme, alice: Client) -> None:
    voided, void = log_call(acme), log_call(acme)
    for reference in (voided, void):
        log_change(acme, reference)
    Void.objects.create(brand=acme.brand, operation_id=voided, by_operation_id=void)
    assert f'href="/requests/{void}/"' in page_of(alice, voided)
    assert f'href="/requests/{voided}/"' in page_of(alice, void)


def test_operation_outlives_its_log_row(acme: Acme, alice: Client) -> None:
    reference = UUID(int=log_call(acme).int + 1)
    log_change(acme, reference)
    page = page_of(alice, reference)
    assert "Headers and bodies are gone" in page
    assert "UPDATE_BALANCE" in page


@pytest.mark.parametrize("reference", ["0190a5a0-0000-7000-8000-000000000000", "nonsense"])
def test_unknown_reference_is_404(alice: Client, reference: str) -> None:
    assert alice.get(f"/requests/{reference}/").status_code == 404


def test_other_brands_request_is_404(acme: Acme, charlies: Acme, alice: Client) -> None:
    assert alice.get(f"/requests/{log_call(charlies)}/").status_code == 404


def test_nothing_of_campaigns_is_promised(acme: Acme, alice: Client) -> None:
    assert "ampaign" not in page_of(alice, log_call(acme))


def test_note_and_own_card_number_are_personal(acme: Acme, alice: Client, bob: Client) -> None:
    facts = {"note": "for Ada", "headers": {"note": "for Ada"}, "request": {"customCardNumber": "ADA-1"}}
    reference = log_call(acme, **facts)
    hidden, shown = page_of(alice, reference), page_of(bob, reference)
    for text in ("for Ada", "ADA-1"):
        assert text not in hidden
        assert text in shown
    assert "Personal data is hidden" in hidden


def test_note_of_a_change_without_its_call_is_hidden_too(acme: Acme, alice: Client) -> None:
    reference = UUID(int=log_call(acme).int + 1)
    log_change(acme, reference, note="for Ada")
    page = page_of(alice, reference)
    assert "for Ada" not in page
    assert "Personal data is hidden" in page
