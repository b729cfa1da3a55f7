"""The files in docs/imports.md come in as they stand there."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from apps.cards.core.status import CardStatus
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.programs.operations.create_value_type import create_value_type
from apps.transactions.imports.kinds import KINDS
from apps.transactions.imports.setting import Setting
from tests.shop import Shop
from tests.transactions.imports.files import run

TEXT = (settings.BASE_DIR / "docs" / "imports.md").read_text()
EXAMPLES = dict(re.findall(r"^```csv (\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))


def test_there_is_an_example_of_each_kind() -> None:
    assert set(EXAMPLES) == set(KINDS)


def test_the_examples_are_imported_without_a_fault(acme: Shop, tmp_path: Path) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code="STAR", scale=0)
    create_demographic_field(brand=acme.brand, code="size", name="Size", data_type="decimal")

    for kind in ("products", "cards", "transactions", "customers"):
        path = tmp_path / f"{kind}.csv"
        path.write_text(EXAMPLES[kind])
        rehearsed, done = run(acme, path, kind, "--dry-run"), run(acme, path, kind)
        assert (rehearsed.code, done.code) == (0, 0), (rehearsed, done)

    assert acme.free("6004210000000041") == Decimal("17.75")
    assert acme.ok("allocate", {"cardNumber": "6004210000000033"})["pin"] == "1968"


def test_every_column_and_status_is_described(acme: Shop) -> None:
    described = set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", TEXT))
    for kind in KINDS:
        for column in columns(acme, kind):
            generic = re.sub(r"^(balance|expires):.*", r"\1:<type>:<code>", column).removeprefix("alternate:")
            assert generic in described, column
    for status in CardStatus:
        assert status.wire_name in TEXT


def columns(shop: Shop, kind: str) -> list[str]:
    setting = Setting(configuration=shop.configuration, names=(), moment=datetime.now(UTC))
    known = KINDS[kind](setting).columns
    return [*known.required, *known.optional]
