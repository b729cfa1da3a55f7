"""Bulk import: a million cards with PINs and three balances each, one of which expires, by `manage.py import_file`.

The command runs in a process of its own, as an operator runs it; `manage.py verify_ledger` must then find nothing.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.result import Result
from bench.stage import SMALL, Stage
from bench.web import ROOT

GOAL_FOR_A_MILLION = 600
FIRST_NUMBER = 7_000_000_000_000_000
HEADER = (
    "cardNumber,cardSetId,pin,status,location,activationDate,balance:Currency:USD,balance:Points,balance:Custom:STAR,"
    "expires:Custom:STAR\n"
)


def measure(stage: Stage) -> Iterator[Result]:
    """Write the file, import it, verify."""
    rows = 100_000 if stage.quick else 1_000_000
    url = stage.database(SMALL)
    stage.use(SMALL)
    _make_club(stage)
    path = stage.servers.folder / "cards.csv"
    _write(path, rows)
    begin = time.monotonic()
    said = _manage(url, "import_file", "--brand", stage.till.brand, "--kind", "cards", str(path))
    seconds = time.monotonic() - begin
    assert "control totals and the ledger agree" in said, said
    begin = time.monotonic()
    _manage(url, "verify_ledger", "--brand", stage.till.brand)
    yield Result(
        f"import of {rows:,} cards with three balances",
        seconds,
        GOAL_FOR_A_MILLION * rows / 1_000_000,
        " s",
        at_most=True,
        detail=f"{rows / seconds:,.0f} rows/s; a file of {path.stat().st_size / 1e6:.0f} MB;"
        f" verify_ledger found nothing in {time.monotonic() - begin:.0f} s",
    )


def _make_club(stage: Stage) -> None:
    """A program with three value types, and its card set."""
    from apps.brands.models import Brand
    from apps.programs.operations.create_card_set import create_card_set
    from apps.programs.operations.create_program import create_program
    from apps.programs.operations.create_value_type import create_value_type

    brand = Brand.objects.get(code=stage.till.brand)
    club = create_program(brand=brand, code="club", name="Club", type="combo")
    for balance_type, code, scale in (("Currency", "USD", 2), ("Points", "", 0), ("Custom", "STAR", 0)):
        create_value_type(brand=brand, program=club, balance_type=balance_type, balance_code=code, scale=scale)
    create_card_set(brand=brand, program=club, code="club-cards", name="Club cards")


def _write(path: Path, rows: int) -> None:
    chance = random.Random(1)
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(FIRST_NUMBER, FIRST_NUMBER + rows):
            activated = f"20{chance.randrange(18, 24)}-0{chance.randrange(1, 10)}-{chance.randrange(10, 28)} 12:30:00"
            cents, points, stars = chance.randrange(1, 50_000), chance.randrange(1, 5_000), chance.randrange(1, 50)
            file.write(
                f"{number},club-cards,{chance.randrange(10_000):04},Activated,main-street,{activated},"
                f"{cents / 100:.2f},{points},{stars},20{chance.randrange(60, 63)}-06-30 23:59:59\n"
            )


def _manage(url: str, *arguments: str) -> str:
    """Run a command of the product on a database; its output. A failure is an error."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
