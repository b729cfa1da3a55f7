"""search: which cards a client finds, and what it sees of them."""

from typing import Any

import pytest

from apps.cards.models import Card
from apps.kernel.moments import epoch_milliseconds, parse_moment
from tests.shop import Shop, open_shop, usd

ANN = {"firstName": "Ann", "lastName": "Ünal", "email": "Ann@Example.com", "phone": "212 555 0100"}


def find(shop: Shop, filters: dict[str, Any], **more: Any) -> list[str]:
    """The numbers of the cards found."""
    return [card["cardNumber"] for card in shop.ok("search", {"filters": filters} | more)["cards"]]


def with_customer(shop: Shop, **customer: str) -> str:
    """A card of somebody."""
    number = shop.card()
    shop.ok("updateAccount", {"cardNumber": number, "primaryCustomer": customer})
    return number


def inventory(shop: Shop, number: str, status: int = 1) -> None:
    """A card that nobody has activated."""
    Card.objects.create(brand=shop.brand, number=number, card_set_id=shop.gift_set.pk, status=status, shuffle=1)


def test_without_return_fields_a_card_is_number_and_set(acme: Shop) -> None:
    number = acme.card()
    reply = acme.ok("search", {"filters": {"cardNumber": number}})
    assert reply["cards"] == [{"cardNumber": number, "cardSetId": "gift-cards"}]
    assert reply["usedCache"] is False


def test_an_empty_object_matches_every_active_card_in_order(acme: Shop) -> None:
    inventory(acme, "rack")
    numbers = [acme.card() for _ in range(12)]
    assert find(acme, {}) == numbers[:10]
    assert find(acme, {}, limit=25) == numbers
    assert find(acme, {}, limit=2, offset=3) == numbers[3:5]
    assert find(acme, {}, offset=1000) == []
    assert acme.ok("search", {"filters": {}})["usedCache"] is True


@pytest.mark.parametrize(
    "filters",
    [
        {"cardNumber": None},
        {"cardNumber": ""},
        {"email": "", "firstName": None},
        {"unknown": 1},
        {"cardSetId": ""},
    ],
)
def test_filters_without_a_value_match_nothing(acme: Shop, filters: dict[str, Any]) -> None:
    acme.card()
    assert find(acme, filters) == []


@pytest.mark.parametrize("empty", ["lastName", "email", "mobilePhone", "customCardNumber", "cardSetId"])
def test_an_empty_filter_beside_others_matches_nothing(acme: Shop, empty: str) -> None:
    assert find(acme, {"cardNumber": acme.card(), empty: ""}) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"firstName": "ANN"},
        {"lastName": "üNAL"},
        {"firstName": "ann", "lastName": "ünal"},
        {"email": "aNN@example.COM"},
        {"phone": "+1 212-555-0100"},
        {"phone": "2125550100", "email": "ann@example.com"},
    ],
)
def test_people_are_found_whatever_the_case_and_form(acme: Shop, filters: dict[str, str]) -> None:
    number = with_customer(acme, **ANN)
    with_customer(acme, firstName="Bea", lastName="Onal", email="bea@example.com", phone="212 555 0101")
    reply = acme.ok("search", {"filters": filters})
    assert reply["cards"] == [{"cardNumber": number, "cardSetId": "gift-cards"}]
    assert reply["usedCache"] is True


@pytest.mark.parametrize("filters", [{"phone": "no phone"}, {"mobilePhone": "2125550100"}, {"firstName": "An"}])
def test_what_does_not_fit_finds_nobody(acme: Shop, filters: dict[str, str]) -> None:
    with_customer(acme, **ANN)
    assert find(acme, filters) == []


def test_all_filters_must_match(acme: Shop) -> None:
    number = with_customer(acme, **ANN)
    assert find(acme, {"cardNumber": number, "firstName": "Ann"}) == [number]
    assert find(acme, {"cardNumber": number, "firstName": "Bea"}) == []


def test_a_phone_is_read_with_the_country_of_the_location() -> None:
    shop = open_shop("acme", country="NL")
    number = with_customer(shop, phone="020 123 4567")
    assert find(shop, {"phone": "020-1234567"}) == [number]
    assert find(shop, {"phone": "+31201234567"}) == [number]


def test_custom_numbers_find_all_cards_that_have_them(acme: Shop) -> None:
    numbers = [acme.card(), acme.card()]
    for number in numbers:
        acme.ok("updateAccount", {"cardNumber": number, "customCardNumber": "mine 1"})
    reply = acme.ok("search", {"filters": {"customCardNumber": "mine 1"}, "returnFields": {"customCardNumber": True}})
    assert [(card["cardNumber"], card["customCardNumber"]) for card in reply["cards"]] == [
        (number, "mine 1") for number in numbers
    ]
    assert reply["usedCache"] is False


def test_inactive_cards_are_shown_on_request_with_their_status(acme: Shop) -> None:
    number = acme.card()
    close = {"cardNumber": number, "action": "adjustOnly", "isAccountingAdjustment": True}
    acme.ok("updateBalance", close | {"adjustStatus": {"newStatus": "Suspended"}})
    assert find(acme, {"cardNumber": number}) == []
    reply = acme.ok("search", {"filters": {"cardNumber": number}, "includeInactive": True})
    assert reply["cards"] == [{"cardNumber": number, "cardSetId": "gift-cards", "cardStatus": "Suspended"}]


@pytest.mark.parametrize(("status", "name"), [(1, "Inventory"), (2, "Distributed")])
def test_cards_that_were_never_activated_are_shown_as_inactive(acme: Shop, status: int, name: str) -> None:
    inventory(acme, "rack", status)
    shown = {"balances": True, "isEnrolled": True, "activationDate": True}
    body = {"filters": {"cardNumber": "rack"}, "includeInactive": True, "returnFields": shown}
    assert acme.ok("search", body)["cards"] == [
        {"cardNumber": "rack", "cardSetId": "gift-cards", "cardStatus": name, "balances": [], "isEnrolled": False}
    ]


def test_an_active_card_says_so_with_include_inactive(acme: Shop) -> None:
    body = {"filters": {"cardNumber": acme.card()}, "includeInactive": True}
    assert acme.ok("search", body)["cards"][0]["cardStatus"] == "Activated"


@pytest.mark.parametrize("filters", [{}, {"lastName": "x"}, {"cardNumber": "1", "lastName": "x"}, {"cardNumber": None}])
def test_include_inactive_goes_with_numbers_only(acme: Shop, filters: dict[str, Any]) -> None:
    assert acme.post("search", {"filters": filters, "includeInactive": True}).code == 9


def test_balances_are_free_value_and_holds(acme: Shop) -> None:
    number = acme.card()
    body = {"filters": {"cardNumber": number}, "returnFields": {"balances": True}}
    assert acme.ok("search", body)["cards"][0]["balances"] == []
    acme.issue(number, "100")
    hold = acme.hold(number, "30")
    reply = acme.ok("search", body)
    dollars = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2}
    assert reply["cards"][0]["balances"] == [
        dollars | {"amount": 70, "isHold": False},
        dollars | {"amount": 30, "isHold": True, "holdingTransactionId": hold},
    ]
    assert '"amount":70.00' in reply.text


def test_balances_can_be_broken_down_by_expiry_and_show_delayed_value(acme: Shop) -> None:
    number = acme.card()
    later, end = "2090-01-01 00:00:00", "2095-01-01 00:00:00"
    acme.issue(number, "5")
    acme.issue(number, "7", issuedBalanceExpiration=end)
    acme.issue(number, "9", issuedBalanceActivation=later, issuedBalanceExpiration=end)
    later_at, end_at = (epoch_milliseconds(parse_moment(moment)) for moment in (later, end))

    def shown(**fields: bool) -> list[dict[str, Any]]:
        body = {"filters": {"cardNumber": number}, "returnFields": {"balances": True} | fields}
        common = {"balanceType", "balanceCode", "scale", "isHold"}
        balances = acme.ok("search", body)["cards"][0]["balances"]
        return [{name: value for name, value in each.items() if name not in common} for each in balances]

    assert shown() == [{"amount": 12}]
    assert shown(delayedBalances=True) == [{"amount": 12}, {"amount": 9, "balanceActiveDate": later_at}]
    dated = {"doesBalanceExpire": True, "balanceExpiration": end_at}
    assert shown(balanceExpirations=True) == [dated | {"amount": 7}, {"amount": 5, "doesBalanceExpire": False}]
    assert shown(balanceExpirations=True, delayedBalances=True)[2:] == [
        dated | {"amount": 9, "balanceActiveDate": later_at}
    ]


def test_the_customer_is_shown_as_stored(acme: Shop) -> None:
    number = with_customer(acme, **ANN, birthday="1980-02-29", country="us", mobilePhone="+31612345678")
    body = {"filters": {"cardNumber": number}, "returnFields": {"customer": True}}
    assert acme.ok("search", body)["cards"][0]["customer"] == {
        "firstName": "Ann",
        "lastName": "Ünal",
        "email": "Ann@Example.com",
        "phone": "+12125550100",
        "mobilePhone": "+31612345678",
        "birthday": "1980-02-29",
        "country": "US",
    }


def test_what_a_card_does_not_have_is_left_out(acme: Shop) -> None:
    shown = {"customer": True, "customCardNumber": True, "isEnrolled": True, "score": True, "coupons": True}
    reply = acme.ok("search", {"filters": {"cardNumber": (number := acme.card())}, "returnFields": shown})
    assert reply["cards"] == [{"cardNumber": number, "cardSetId": "gift-cards", "isEnrolled": False}]


def test_enrolment_and_activation_are_shown_by_their_day(acme: Shop) -> None:
    allocate = {"cardNumber": "long-ago", "cardSetId": "gift-cards", "createIfNew": True}
    acme.ok("allocate", allocate | {"customRequestDate": "2024-05-06 07:08:09"})
    enrol = {"cardNumber": "long-ago", "countAsEnrollment": True, "customRequestDate": "2024-06-07 08:09:10"}
    acme.ok("updateAccount", enrol)
    shown = {"isEnrolled": True, "activationDate": True}
    card = acme.ok("search", {"filters": {"cardNumber": "long-ago"}, "returnFields": shown})["cards"][0]
    assert (card["isEnrolled"], card["enrollmentDate"]) == (True, "2024-06-07")
    assert card["activationDate"] == "2024-05-06 00:00:00"


def test_the_pin_is_shown_where_the_brand_allows_it(acme: Shop) -> None:
    pin = acme.ok("allocate", {"cardNumber": "with-pin", "cardSetId": "gift-cards", "createIfNew": True})["pin"]
    body = {"filters": {"cardNumber": "with-pin"}, "returnFields": {"pin": True}}
    assert acme.ok("search", body)["cards"][0]["pin"] == pin
    without = open_shop("acme", features=["createIfNew"])
    number = without.card()
    assert "pin" not in without.ok("search", body | {"filters": {"cardNumber": number}})["cards"][0]


def test_a_forced_pin_must_fit(acme: Shop) -> None:
    pin = acme.ok("allocate", {"cardNumber": "safe", "cardSetId": "gift-cards", "createIfNew": True})["pin"]
    body = {"filters": {"cardNumber": "safe"}, "forcePinValidation": True}
    assert len(acme.ok("search", body | {"pin": pin})["cards"]) == 1
    wrong = acme.post("search", body | {"pin": f"{(int(pin) + 1) % 10000:04}"})
    assert (wrong.code, wrong["errorMessage"]) == (10, "Invalid card PIN.")
    assert acme.post("search", body).code == 10


def test_a_forced_pin_without_card_number_is_ignored(acme: Shop) -> None:
    number = with_customer(acme, **ANN)
    assert find(acme, {"email": "ann@example.com"}, forcePinValidation=True, pin="0") == [number]


def test_a_forced_pin_on_an_unknown_card_finds_nothing_but_counts_as_a_guess(acme: Shop) -> None:
    body = {"filters": {"cardNumber": "nobody"}, "forcePinValidation": True, "pin": "1234"}
    for _ in range(50):
        assert acme.ok("search", body)["cards"] == []
    assert acme.post("search", body).code == 10


def test_five_wrong_pins_close_the_card_for_the_right_one(acme: Shop) -> None:
    pin = acme.ok("allocate", {"cardNumber": "tried", "cardSetId": "gift-cards", "createIfNew": True})["pin"]
    body = {"filters": {"cardNumber": "tried"}, "forcePinValidation": True}
    for _ in range(5):
        assert acme.post("search", body | {"pin": "12345"}).code == 10
    assert acme.post("search", body | {"pin": pin}).code == 10


def test_programs_without_pins_take_only_an_absent_one(acme: Shop) -> None:
    number = acme.card(card_set=acme.loyalty_set)
    body = {"filters": {"cardNumber": number}, "forcePinValidation": True}
    assert len(acme.ok("search", body)["cards"]) == 1
    assert len(acme.ok("search", body | {"pin": ""})["cards"]) == 1
    assert acme.post("search", body | {"pin": "1"}).code == 10


def test_a_page_of_cards_costs_as_much_as_one_card(acme: Shop, statements: Any) -> None:
    numbers = [with_customer(acme, lastName="Many") for _ in range(4)]
    for number in numbers:
        acme.issue(number, "1")
    shown = {"balances": True, "customer": True}
    with statements() as one:
        acme.ok("search", {"filters": {"cardNumber": numbers[0]}, "returnFields": shown})
    with statements() as many:
        acme.ok("search", {"filters": {"lastName": "many"}, "returnFields": shown})
    assert len(many) == len(one)


def test_charlie_finds_nothing_of_acme(acme: Shop, charlie: Shop) -> None:
    number = with_customer(acme, **ANN)
    acme.ok("updateAccount", {"cardNumber": number, "customCardNumber": "mine"})
    acme.post("updateBalance", usd(number, "issue", "5"))
    for filters in (
        {},
        {"cardNumber": number},
        {"customCardNumber": "mine"},
        {"email": ANN["email"]},
        {"firstName": "Ann"},
    ):
        assert find(charlie, filters) == []
    assert find(charlie, {"cardNumber": number}, includeInactive=True) == []
