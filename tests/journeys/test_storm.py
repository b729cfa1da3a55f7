"""Storms over HTTP against the running server: nothing lost, nothing doubled, no deadlock, only allowed refusals."""

from collections.abc import Iterator
from threading import Thread

import pytest

from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from tests.journeys.storm.campaigns import CampaignStorm, campaign_differences
from tests.journeys.storm.journal import deadlocks, differences, logged_calls
from tests.journeys.storm.server import Product, environment_here, folder_for_logs, product
from tests.journeys.storm.storm import Storm, fill_rack
from tests.journeys.storm.till import Till
from tests.shop import Shop

pytestmark = pytest.mark.storm


@pytest.fixture(scope="module")
def running(database: None) -> Iterator[Product]:
    """The product on the database of this test process, with as many threads as `make run` gives it."""
    with folder_for_logs() as folder, product(environment_here(), folder) as found:
        yield found


@pytest.mark.parametrize(("clients", "seed"), [(32, 1), (64, 2)])
def test_the_books_say_what_the_tills_were_told(acme: Shop, running: Product, clients: int, seed: int) -> None:
    before = deadlocks()
    storm = Storm(acme, running.place(acme), calls=2500, clients=clients, seed=seed)
    storm.prepare()

    storm.run()

    print(storm.report())
    assert differences(acme, storm.journal) == []
    assert deadlocks() == before
    assert logged_calls(acme) == len(storm.delays)
    assert '"level": "error"' not in running.web.log.read_text()
    assert storm.journal.answers["search", 0] > 0
    assert storm.journal.answers["void", 0] > 0


def test_with_campaigns_nothing_is_doubled_and_budgets_are_exact(acme: Shop, running: Product) -> None:
    before = deadlocks()
    storm = CampaignStorm(acme, running.place(acme), calls=2000, clients=32, seed=3)
    storm.prepare()

    storm.run()

    print(storm.report())
    assert [*differences(acme, storm.journal), *campaign_differences(storm)] == []
    assert deadlocks() == before
    assert '"level": "error"' not in running.web.log.read_text()
    done = {verb for (verb, code), count in storm.journal.answers.items() if count and not code}
    assert {"checkout", "lock", "complete", "cancel", "return", "custom", "single", "void"} <= done


def test_a_set_gives_out_every_card_once_and_then_is_empty(acme: Shop, running: Product) -> None:
    cards = 40
    fill_rack(acme, acme.gift_set, [f"R{number}" for number in range(cards)])
    by_set = {"cardSetId": acme.gift_set.code}
    replies = [till_calls(running, acme, [("allocate", by_set)] * 4) for _ in range(16)]

    answers = [reply for thread, found in replies for reply in joined(thread, found)]

    given = [reply["cardNumber"] for reply in answers if reply.code is None]
    assert len(given) == len(set(given)) == cards
    assert [reply.code for reply in answers if reply.code is not None] == [16] * (64 - cards)


def test_cards_drawn_from_a_set_and_cards_named_at_the_same_time_are_given_out_once(
    acme: Shop, running: Product
) -> None:
    numbers = [f"R{number}" for number in range(40)]
    fill_rack(acme, acme.gift_set, numbers)
    by_set = [("allocate", {"cardSetId": acme.gift_set.code})] * 5
    threads = [till_calls(running, acme, by_set) for _ in range(8)]
    for part in range(8):
        threads.append(till_calls(running, acme, [("allocate", {"cardNumber": each}) for each in numbers[part::8]]))

    answers = [reply for thread, found in threads for reply in joined(thread, found)]

    given = [reply["cardNumber"] for reply in answers if reply.code is None]
    assert sorted(given) == sorted(numbers)
    assert {reply.code for reply in answers} == {None, 9, 16}
    assert not Card.objects.filter(brand=acme.brand, status=int(CardStatus.INVENTORY)).exists()


def till_calls(running: Product, shop: Shop, calls: list[tuple[str, dict[str, object]]]) -> tuple[Thread, list]:
    """A till of its own that makes these calls one after the other, beginning now."""
    found: list = []

    def work() -> None:
        till = Till(running.place(shop))
        found.extend(till.insist(method, body, f"{id(found)}-{number}") for number, (method, body) in enumerate(calls))
        till.close()

    thread = Thread(target=work)
    thread.start()
    return thread, found


def joined(thread: Thread, found: list) -> list:
    """What a till was answered, when it is through."""
    thread.join()
    return found
