"""Types are prepared once, whatever the threads that want them."""

import subprocess
import sys

import msgspec
import pytest

from apps.kernel.typed import from_json, from_plain

THREADS_AT_ONCE = """
import sys
from threading import Barrier, Thread
from typing import Annotated

import msgspec

from apps.kernel.typed import {maker}

sys.setswitchinterval(1e-6)
threads = 8
for round in range(6):
    fields = [(f"f{{n}}", Annotated[dict[str, int], msgspec.Meta(description=str(n))], {{}}) for n in range(60)]
    kind = msgspec.defstruct("Wide", fields)
    together, seen = Barrier(threads), []

    def work():
        together.wait()
        seen.append({maker}(kind)({value}).f59)

    started = [Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert seen == [{{"a": 1}}] * threads, seen
"""


class Point(msgspec.Struct):
    x: int


@pytest.mark.parametrize(
    ("maker", "value"), [("from_json", repr('{"f59": {"a": 1}}')), ("from_plain", repr({"f59": {"a": 1}}))]
)
def test_threads_that_meet_a_type_at_the_same_time_do_not_end_the_process(maker: str, value: str) -> None:
    code = THREADS_AT_ONCE.format(maker=maker, value=value)

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")


def test_reading_says_what_is_wrong() -> None:
    assert from_json(Point)('{"x": 1}') == from_plain(Point)({"x": 1}) == Point(1)
    with pytest.raises(msgspec.ValidationError, match=r"\$\.x"):
        from_plain(Point)({"x": "far"})
    with pytest.raises(msgspec.ValidationError, match=r"\$\.x"):
        from_json(Point)('{"x": "far"}')
