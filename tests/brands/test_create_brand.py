"""`manage.py create_brand`."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.brands.models import Brand


def create(**options: Any) -> str:
    out = StringIO()
    call_command("create_brand", stdout=out, **options)
    return out.getvalue()


def test_a_brand_is_made_with_its_clock() -> None:
    code = f"acme-{uuid4().hex[:8]}"
    said = create(code=code, name="Acme", timezone="Europe/Berlin", country="DE", currency="EUR")

    brand = Brand.objects.get(code=code)
    assert (brand.name, brand.timezone, brand.country, brand.currency) == ("Acme", "Europe/Berlin", "DE", "EUR")
    assert brand.clock.config == 1
    assert f"create_login --brand {code}" in said


@pytest.mark.parametrize("wrong", [{"code": " "}, {"timezone": "Mars"}, {"country": "Germany"}, {"currency": "euro"}])
def test_what_is_wrong_is_said(wrong: dict[str, str]) -> None:
    options = {"code": f"acme-{uuid4().hex[:8]}", "name": "Acme"} | wrong
    with pytest.raises(CommandError):
        create(**options)
    assert not Brand.objects.filter(code=options["code"]).exists()


def test_a_code_that_is_taken_is_refused() -> None:
    code = f"acme-{uuid4().hex[:8]}"
    create(code=code, name="Acme")
    with pytest.raises(CommandError, match="already"):
        create(code=code, name="Another")
