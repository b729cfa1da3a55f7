"""Months of the request log: made ahead, safe beside rows that came first, dropped one by one."""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import lowest_id, moment_of, new_id
from apps.requestlog import tasks
from apps.requestlog.core.months import Month
from apps.requestlog.management.commands.drop_request_log import parse_month
from apps.requestlog.operations.drop_months import drop_months
from apps.requestlog.operations.make_month_partitions import MonthsMade, make_month_partitions
from apps.requestlog.queries.partitions import months_with_partition
from tests.shop import Shop

LONG_AGO = datetime(1999, 11, 15, tzinfo=UTC)
MONTHS = [Month(1999, 11), Month(1999, 12), Month(2000, 1), Month(2000, 2)]
INSERT = """INSERT INTO requestlog_request (brand_id, id, method, error_code, http_status, micros, headers, request,
 response) VALUES (%s, %s, 1, 0, 200, 1, '', '', '')"""
WHERE = "SELECT tableoid::regclass::text FROM requestlog_request WHERE brand_id = %s AND id = %s"


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Take away what a test made of the last millennium."""
    yield
    drop_months(before=Month(2001, 1))


def log_row(brand_id: int, moment: datetime) -> UUID:
    """A request row of that moment."""
    id = UUID(int=lowest_id(moment).int | new_id().int % 2**80)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [brand_id, id])
    return id


def table_of(brand_id: int, id: UUID) -> str | None:
    """In which partition the row lies."""
    with connection.cursor() as cursor:
        cursor.execute(WHERE, [brand_id, id])
        row = cursor.fetchone()
        return row[0] if row else None


def test_this_month_and_the_next_three_are_made_once() -> None:
    assert make_month_partitions(now=LONG_AGO) == MonthsMade(made=tuple(MONTHS))
    assert set(MONTHS) <= set(months_with_partition(hot_cursor()))
    assert make_month_partitions(now=LONG_AGO) == MonthsMade()


def test_rows_land_in_the_month_of_their_id(acme: Shop) -> None:
    make_month_partitions(now=LONG_AGO)
    first = datetime(1999, 12, 1, tzinfo=UTC)
    last_before = log_row(acme.brand.pk, first - timedelta(milliseconds=1))
    assert table_of(acme.brand.pk, last_before) == "requestlog_request_199911"
    assert table_of(acme.brand.pk, log_row(acme.brand.pk, first)) == "requestlog_request_199912"
    assert table_of(acme.brand.pk, log_row(acme.brand.pk, datetime(1999, 1, 1, tzinfo=UTC))) == (
        "requestlog_request_default"
    )


def test_rows_that_were_there_first_move_along(acme: Shop) -> None:
    early, unattributed = log_row(acme.brand.pk, LONG_AGO), log_row(0, LONG_AGO)
    assert make_month_partitions(now=LONG_AGO).moved == 2
    assert table_of(acme.brand.pk, early) == table_of(0, unattributed) == "requestlog_request_199911"


def test_a_default_partition_that_is_too_full_is_left_alone(acme: Shop) -> None:
    early = [log_row(acme.brand.pk, LONG_AGO) for _ in range(3)]
    assert make_month_partitions(now=LONG_AGO, largest_move=2) == MonthsMade(left=tuple(MONTHS))
    assert table_of(acme.brand.pk, early[0]) == "requestlog_request_default"
    assert make_month_partitions(now=LONG_AGO, largest_move=None).moved == 3


def test_a_month_has_the_indexes_and_the_key_of_the_log(acme: Shop) -> None:
    make_month_partitions(now=LONG_AGO, ahead=0)
    with connection.cursor() as cursor:
        cursor.execute("""SELECT count(*) FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indexrelid
            WHERE i.indrelid = 'requestlog_request_199911'::regclass""")
        (attached,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_index WHERE indrelid = 'requestlog_request'::regclass")
        assert cursor.fetchone() == (attached,)


def test_two_makers_at_once_do_no_harm() -> None:
    with ThreadPoolExecutor(2) as workers:
        done = [each.result() for each in [workers.submit(_make_and_leave) for _ in range(2)]]
    assert sorted(len(each.made) for each in done) == [0, 4]


def _make_and_leave() -> MonthsMade:
    try:
        return make_month_partitions(now=LONG_AGO)
    finally:
        connection.close()


def test_nothing_is_half_made(acme: Shop) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        make_month_partitions(now=LONG_AGO)
        raise RuntimeError
    assert not set(MONTHS) & set(months_with_partition(hot_cursor()))


def test_old_months_are_dropped_with_their_rows(acme: Shop) -> None:
    stray = log_row(acme.brand.pk, datetime(1999, 10, 1, tzinfo=UTC))
    make_month_partitions(now=LONG_AGO)
    old, kept = log_row(acme.brand.pk, LONG_AGO), log_row(acme.brand.pk, datetime(2000, 1, 1, tzinfo=UTC))
    dropped = drop_months(before=Month(2000, 1))
    assert (dropped.months, dropped.rows_of_default) == (tuple(MONTHS[:2]), 1)
    assert table_of(acme.brand.pk, old) is table_of(acme.brand.pk, stray) is None
    assert table_of(acme.brand.pk, kept) == "requestlog_request_200001"


def test_the_command_drops_and_says_what() -> None:
    make_month_partitions(now=LONG_AGO)
    output = StringIO()
    call_command("drop_request_log", "--before", "1999-12", stdout=output)
    assert output.getvalue() == "1999-11 dropped\n1 months dropped, 0 rows deleted outside of months\n"


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", ""])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        parse_month(text)


def test_the_command_makes_the_months_of_now() -> None:
    call_command("make_request_log_months", stdout=StringIO())
    known = months_with_partition(hot_cursor())
    assert {Month.of(datetime.now(UTC)) + ahead for ahead in range(4)} <= set(known)


def test_the_tasks_make_months_and_are_known_to_beat() -> None:
    tasks.make_month_partitions()
    assert Month.of(datetime.now(UTC)) in months_with_partition(hot_cursor())
    scheduled = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.make_month_partitions.name, tasks.note_credential_use.name} <= scheduled


def test_months_follow_each_other() -> None:
    assert [str(Month(2026, 11) + months) for months in range(4)] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert Month.of_partition(Month(2026, 3).partition) == Month(2026, 3)
    assert Month.of_partition("requestlog_request_default") is None
    assert Month.of(datetime.fromisoformat("2026-03-01T00:30:00+01:00")) == Month(2026, 2)


def test_an_id_tells_its_millisecond() -> None:
    began = datetime.now(UTC)
    assert abs(moment_of(new_id()) - began) < timedelta(seconds=1)
    assert moment_of(lowest_id(LONG_AGO)) == LONG_AGO
