"""A login that is restricted to a group or a location."""

from uuid import UUID

import pytest

from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Void
from tests.portal.acme import Acme, OpenAs
from tests.portal.calls import log_call, log_change, make_dollars, post
from tests.portal.test_requests import shown


@pytest.fixture
def calls(acme: Acme) -> dict[str, UUID]:
    return {place.code: log_call(acme, location=place) for place in (acme.downtown, acme.uptown, acme.harbour)}


def test_group_manager_lists_the_group_only(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    manager = open_as(acme.login("eve", "location_manager", group=acme.east))
    assert set(shown(manager)) == {str(calls["downtown"]), str(calls["uptown"])}


def test_clerk_lists_the_own_location_only(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert shown(clerk) == [str(calls["harbour"])]


def test_guessed_address_of_a_hidden_request_is_404(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert clerk.get(f"/requests/{calls['harbour']}/").status_code == 200
    assert clerk.get(f"/requests/{calls['downtown']}/").status_code == 404


def test_hidden_operation_without_a_log_row_is_404(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    hidden = UUID(int=calls["downtown"].int + 1)
    log_change(acme, hidden, location=acme.downtown)
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert clerk.get(f"/requests/{hidden}/").status_code == 404


def test_location_filter_offers_and_takes_visible_locations_only(acme: Acme, open_as: OpenAs) -> None:
    log_call(acme, location=acme.downtown)
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    page = clerk.get("/requests/?location=downtown").content.decode()
    assert "Downtown" not in page
    assert "cannot be understood" in page


def test_search_finds_nothing_elsewhere(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert clerk.get("/find/", {"q": str(calls["downtown"])}).status_code == 200
    assert clerk.get("/find/", {"q": str(calls["harbour"])}).status_code == 302


def test_export_follows(acme: Acme, calls: dict[str, UUID], open_as: OpenAs) -> None:
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    lines = b"".join(clerk.get("/requests/export.csv")).decode()
    assert str(calls["harbour"]) in lines
    assert str(calls["downtown"]) not in lines


def test_restriction_is_marked_on_every_page(acme: Acme, open_as: OpenAs) -> None:
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert "Only Harbour" in clerk.get("/requests/").content.decode()


def test_start_page_counts_visible_requests_only(acme: Acme, open_as: OpenAs) -> None:
    log_call(acme, location=acme.downtown, card_number="6000123")
    clerk = open_as(acme.login("dan", "clerk", location=acme.harbour))
    assert "6000123" not in clerk.get("/").content.decode()


def test_restricted_developer_makes_no_api_keys(acme: Acme, open_as: OpenAs) -> None:
    developer = open_as(acme.login("dan", "administrator", location=acme.harbour))
    assert developer.get("/admin/api-credentials/").status_code == 403


def test_void_elsewhere_is_told_without_its_reference(acme: Acme, open_as: OpenAs) -> None:
    voided, void = (log_call(acme, location=place) for place in (acme.harbour, acme.downtown))
    log_change(acme, voided, location=acme.harbour)
    log_change(acme, void, location=acme.downtown)
    Void.objects.create(brand=acme.brand, operation_id=voided, by_operation_id=void)
    for place, own, other in ((acme.harbour, voided, void), (acme.downtown, void, voided)):
        clerk = open_as(acme.login("dan", "clerk", location=place))
        page = clerk.get(f"/requests/{own}/").content.decode()
        assert "at another location" in page
        assert str(other) not in page


def test_hold_elsewhere_is_told_without_its_reference(acme: Acme, open_as: OpenAs) -> None:
    wallet, dollars = make_dollars(acme)
    hold, redeemed = (log_call(acme, location=place) for place in (acme.downtown, acme.harbour))
    log_change(acme, hold, location=acme.downtown)
    log_change(acme, redeemed, location=acme.harbour)
    post(acme, wallet, dollars, redeemed, [(EntryKind.REDEEM, "-5.00")], hold=hold)
    page = open_as(acme.login("dan", "clerk", location=acme.harbour)).get(f"/requests/{redeemed}/").content.decode()
    assert "at another location" in page
    assert str(hold) not in page
