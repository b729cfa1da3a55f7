"""What a return leaves of what was bought; that it never came, once it is voided."""

from datetime import timedelta

from tests.facts.told import NOTHING, bought, buy, give_back, products, rebuild, visits, void, wrong
from tests.merchant_api.steady import NOW
from tests.shop import Shop

BASKET = products(("milk", 4), ("eggs", 6))


def goods(*lines: tuple[str, int]) -> dict[str, object]:
    return {"returnedProducts": products(*lines)["products"]}


def test_a_return_lowers_spend_and_units_and_no_counts(acme: Shop) -> None:
    card = acme.card()
    checkout = buy(acme, card, total=10, **BASKET)
    give_back(acme, card, checkout, **goods(("milk", 3)))
    assert bought(acme, card) == ([("USD", 1, 7)], [("eggs", 6, 1), ("milk", 1, 1)], [(acme.location.pk, 1)])
    assert visits(acme, card) == 1
    assert rebuild(acme) == 0


def test_a_return_is_no_visit(acme: Shop) -> None:
    card = acme.card()
    give_back(acme, card, additionalReturnAmount=5)
    assert visits(acme, card) == 0


def test_a_voided_return_never_was(acme: Shop) -> None:
    card = acme.card()
    checkout = buy(acme, card, **BASKET)
    before = bought(acme, card)
    void(acme, card, give_back(acme, card, checkout, **goods(("milk", 3), ("eggs", 6))))
    assert bought(acme, card) == before
    void(acme, card, checkout)
    assert bought(acme, card) == NOTHING


def test_goods_of_unknown_checkouts_count_as_well_also_where_nothing_was_bought(acme: Shop) -> None:
    card = acme.card()
    first, second = (give_back(acme, card, **goods(("milk", 2))) for _ in range(2))
    assert bought(acme, card) == ([("USD", 0, -4)], [("milk", -4, 0)], [])
    checkout = buy(acme, card, total=10, **BASKET)
    assert bought(acme, card)[:2] == ([("USD", 1, 6)], [("eggs", 6, 1), ("milk", 0, 1)])
    void(acme, card, checkout)
    assert bought(acme, card) == ([("USD", 0, -4)], [("milk", -4, 0)], [])
    void(acme, card, first)
    assert bought(acme, card) == ([("USD", 0, -2)], [("milk", -2, 0)], [])
    void(acme, card, second)
    assert bought(acme, card) == NOTHING


def test_a_return_of_nothing_leaves_nothing(acme: Shop) -> None:
    card = acme.card()
    give_back(acme, card)
    assert bought(acme, card) == NOTHING


def test_of_two_checkouts_the_last_one_left_says_when(acme: Shop) -> None:
    card = acme.card(customRequestDate=(NOW - timedelta(days=9)).strftime("%Y-%m-%d %H:%M:%S"))
    buy(acme, card, NOW - timedelta(days=3))
    last = buy(acme, card, NOW - timedelta(days=1))
    give_back(acme, card, additionalReturnAmount=1)
    void(acme, card, last)
    assert bought(acme, card)[0] == [("USD", 1, 9)]
    assert wrong(acme) == []


def test_a_childs_return_is_the_childs(acme: Shop) -> None:
    card, kid = acme.card(), {"childCardNumber": "kid"}
    acme.ok("allocateChildCard", {"cardNumber": card} | kid)
    give_back(acme, card, buy(acme, card, **kid), **kid, additionalReturnAmount=4)
    assert (bought(acme, card), bought(acme, card, "kid")[0]) == (NOTHING, [("USD", 1, 6)])


def test_an_anonymous_return_is_nobodys(acme: Shop) -> None:
    card = acme.card()
    give_back(acme, None, buy(acme, None), additionalReturnAmount=4)
    assert bought(acme, card) == NOTHING


def test_a_transfer_takes_returns_along_and_their_voids_count_for_the_new_card(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    checkout, before = buy(acme, old, **BASKET), give_back(acme, old, additionalReturnAmount=3)
    acme.ok("transfer", {"cardNumber": old, "action": "out"})
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    later = give_back(acme, new, checkout, **goods(("milk", 1)))
    assert bought(acme, new)[:2] == ([("USD", 1, 6)], [("eggs", 6, 1), ("milk", 3, 1)])
    void(acme, new, before)
    void(acme, new, later)
    void(acme, new, checkout)
    assert bought(acme, new) == NOTHING
