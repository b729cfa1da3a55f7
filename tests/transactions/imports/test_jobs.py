"""An import is done once, whole, and by one process: after a kill, a stop or a crash it goes on where it was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from psycopg.errors import UniqueViolation

from apps.cards.models import Card
from apps.cards.queries.open_pin import open_pin
from apps.jobs.models import Job
from apps.jobs.operations import run_import as frame
from apps.jobs.operations.claimed_job import Task, claimed_job
from apps.jobs.operations.open_own import open_own
from apps.kernel.db.hot import hot_cursor
from apps.ledger.models import Entry, Lot
from apps.transactions.imports.cards import CardsImporter
from tests.journeys.storm.server import environment_here
from tests.shop import Shop
from tests.transactions.imports.files import errors_of, job_of, refusal, run, state, written

HEADER = "cardNumber,cardSetId,pin,location,balance:Currency:USD"
ROWS = 20_000


def line(number: int) -> str:
    """A row; each hundredth is refused."""
    pin = "bad" if number % 100 == 0 else f"{number % 10_000:04}"
    return f"{number},gift-cards,{pin},main-street,{number % 50}.25"


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file of several batches."""
    return written(tmp_path, HEADER, *map(line, range(ROWS)))


def start(shop: Shop, path: Path) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    command = [sys.executable, "manage.py", "import_file", str(path), "--brand", shop.brand.code, "--kind", "cards"]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | environment_here(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def position(shop: Shop) -> int:
    """How far the import is."""
    return Job.objects.filter(brand=shop.brand).values_list("position", flat=True).first() or 0


def after(shop: Shop, at: int) -> None:
    """Wait until the import is further than a byte."""
    until = time.monotonic() + 60
    while position(shop) <= at:
        assert time.monotonic() < until, "the import does not get on"
        time.sleep(0.005)


def assert_complete(shop: Shop, path: Path) -> None:
    """Every good row came in once, every bad one is told once."""
    good = [number for number in range(ROWS) if number % 100]
    cards = Card.objects.filter(brand=shop.brand)
    assert set(cards.values_list("number", flat=True)) == {str(number) for number in good}
    assert {int(card.number) % 10_000: open_pin(card.pin) for card in cards[:500]} == {
        int(card.number) % 10_000: f"{int(card.number) % 10_000:04}" for card in cards[:500]
    }
    assert Entry.objects.filter(brand=shop.brand).count() == Lot.objects.filter(brand=shop.brand).count() == len(good)
    told = errors_of(path.with_name(f"{path.name}.errors.csv"))
    assert [int(each[0]) for each in told] == [number + 2 for number in range(0, ROWS, 100)]
    receipt = job_of(shop).receipt
    assert (receipt["rowsDone"], receipt["rowsRefused"], receipt["agrees"]) == (len(good), ROWS - len(good), True)
    assert receipt["balances"]["gift-cards"]["Currency USD"] == f"{sum(n % 50 + 0.25 for n in good):.2f}"


def test_after_kill_9_the_same_command_goes_on_and_nothing_is_there_twice(acme: Shop, big: Path) -> None:
    first = start(acme, big)
    after(acme, 0)
    first.kill()
    first.wait()
    stopped_at = position(acme)
    assert 0 < stopped_at < big.stat().st_size

    second = start(acme, big)
    after(acme, stopped_at)
    second.kill()
    second.wait()

    assert run(acme, big, "cards").code == 1
    assert_complete(acme, big)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_batch_and_says_how_to_go_on(acme: Shop, big: Path, number: int) -> None:
    process = start(acme, big)
    after(acme, 0)

    process.send_signal(number)

    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The same command goes on where it ended." in said
    assert job_of(acme).state == "interrupted"
    assert run(acme, big, "cards").code == 1
    assert_complete(acme, big)


def test_what_a_crash_wrote_into_the_error_file_and_did_not_commit_is_told_once(
    acme: Shop, big: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object, **more: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(frame, "advance_job", _after(frame.advance_job, 2, crash))
        run(acme, big, "cards")
    assert (job_of(acme).state, job_of(acme).error) == ("failed", "RuntimeError: power cut")

    run(acme, big, "cards")

    assert_complete(acme, big)


def test_a_file_that_was_imported_is_refused_with_the_name_of_its_receipt(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, line(1))
    run(acme, path, "cards")
    before = state(acme)

    assert f"{path}.receipt.txt" in refusal(acme, path, "cards")
    assert state(acme) == before


def test_the_same_file_is_another_import_in_another_brand(acme: Shop, charlie: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, line(1))

    assert run(acme, path, "cards").code == run(charlie, path, "cards").code == 0


@pytest.mark.parametrize("ending", ["errors.csv", "receipt.txt"])
def test_what_a_link_beside_the_file_leads_to_is_not_overwritten(acme: Shop, tmp_path: Path, ending: str) -> None:
    path, other = written(tmp_path, HEADER, line(100)), tmp_path / "other"
    other.write_text("precious")
    path.with_name(f"{path.name}.{ending}").symlink_to(other)

    assert ending in refusal(acme, path, "cards")
    assert other.read_text() == "precious"


def test_two_imports_never_write_into_one_error_file(acme: Shop, charlie: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, line(100))
    file = os.fdopen(open_own(path.with_name(f"{path.name}.errors.csv")), "r+")

    with file:
        assert "Another import writes into it" in refusal(charlie, path, "cards")

    assert run(charlie, path, "cards").refused == [(2, "pin")]


def test_a_second_process_is_refused_while_the_first_is_at_work(acme: Shop, big: Path) -> None:
    process = start(acme, big)
    after(acme, 0)

    assert "by another process at this moment" in refusal(acme, big, "cards")

    process.communicate(timeout=120)
    assert_complete(acme, big)


def test_a_job_that_was_taken_over_writes_nothing_more(acme: Shop) -> None:
    task = Task(brand_id=acme.brand.pk, kind="cards", file_name="x", digest="d", options={})
    with claimed_job(task=task, now=acme.call().now) as job:
        Job.objects.filter(pk=job.pk).update(position=99)
        with pytest.raises(AssertionError, match="another process"):
            frame.advance_job(
                hot_cursor(),
                job=job,
                before=0,
                position=10,
                totals=frame.Totals(),
                done=1,
                refused=0,
                errors=0,
            )


def test_an_unfinished_import_keeps_its_options(acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CardsImporter, "batch_rows", 1)
    path = written(tmp_path, HEADER, line(100), line(1))
    run(acme, path, "cards", "--stop-after-errors", "1", "--location", "harbour")

    assert "begun with other options: location harbour" in refusal(acme, path, "cards")


def test_a_file_that_changes_meanwhile_stops_the_import(acme: Shop, big: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def grow(*args: object, **more: object) -> None:
        with big.open("a") as file:
            file.write(line(ROWS + 1))

    monkeypatch.setattr(frame, "advance_job", _after(frame.advance_job, 1, grow))

    assert "changed while it was read" in refusal(acme, big, "cards")
    assert 0 < Card.objects.filter(brand=acme.brand).count() < ROWS


def test_a_stop_in_the_last_batch_stops_nothing(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, line(100), "")

    run(acme, path, "cards", "--stop-after-errors", "1")

    assert job_of(acme).state == "done"


def test_a_number_that_somebody_takes_meanwhile_repeats_the_batch(
    acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written_before = CardsImporter.write
    taken: list[str] = []

    def write(self: CardsImporter, *args: object, **more: object) -> None:
        if not taken:
            taken.append("2")
            raise UniqueViolation
        written_before(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(CardsImporter, "write", write)
    path = written(tmp_path, HEADER, line(1), line(100), line(2))

    done = run(acme, path, "cards")

    assert done.refused == [(3, "pin")]
    assert Card.objects.filter(brand=acme.brand).count() == 2


def _after(work: Callable[..., None], times: int, then: Callable[..., None]) -> Callable[..., None]:
    """Something that does its work, and after so many times something else too."""
    calls = 0

    def counted(*args: object, **more: object) -> None:
        nonlocal calls
        calls += 1
        work(*args, **more)
        if calls == times:
            then(*args, **more)

    return counted
