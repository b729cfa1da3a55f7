"""What a till makes of the server's wish to be left alone for a while."""

import pytest

from apps.transactions.replay.till import LONGEST_WAIT, seconds_asked


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("7", 7),
        (" 7 ", 7),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("nan", 0),
        ("-1", 0),
        ("\u00b2", 0),
        ("9" * 30, LONGEST_WAIT),
    ],
)
def test_retry_after_counts_where_it_is_a_number_of_seconds(header: str | None, seconds: float) -> None:
    assert seconds_asked(header) == seconds
