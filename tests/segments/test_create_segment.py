"""Segments are created once, and their history is kept."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from apps.brands.core.codes import InvalidName
from apps.brands.operations.insert_row import AlreadyExists
from apps.kernel.errors import InvalidInput
from apps.segments.models import Segment
from apps.segments.operations.create_segment import create_segment
from tests.segments.lists import LATER, NOW, load, segment_of
from tests.shop import Shop


def create(shop: Shop, *args: str, **more: str) -> str:
    output = StringIO()
    call_command("create_segment", *args, brand=shop.brand.code, stdout=output, **more)
    return output.getvalue()


def test_the_command_creates_one(acme: Shop) -> None:
    assert "Segment vip created." in create(acme, "--code=vip", "--name=Very important", "--description=Our best")
    made = Segment.objects.get(brand=acme.brand)
    assert (made.code, made.name, made.description, made.is_active) == ("vip", "Very important", "Our best", True)
    assert made.refreshed_at is None


def test_a_code_is_unique_in_the_brand(acme: Shop, charlie: Shop) -> None:
    segment_of(acme)
    segment_of(charlie)
    with pytest.raises(AlreadyExists):
        segment_of(acme)
    with pytest.raises(CommandError, match="already"):
        create(acme, "--code=vip", "--name=Again")


def test_there_must_be_the_brand() -> None:
    with pytest.raises(CommandError, match="no brand"):
        call_command("create_segment", "--brand=nobody", "--code=vip", "--name=Vip")


def test_wrong_words_are_refused(acme: Shop) -> None:
    for wrong in ({"code": " x"}, {"name": " "}):
        with pytest.raises(InvalidName):
            create_segment(**{"brand": acme.brand, "code": "vip", "name": "Vip", "now": NOW, **wrong})
    with pytest.raises(InvalidInput):
        segment_of(acme, description="x" * 1001)


def test_every_change_is_kept(acme: Shop) -> None:
    segment = segment_of(acme)
    load(segment, [], now=LATER)
    events = apps.get_model("segments", "SegmentEvent").objects.filter(brand=acme.brand).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "code", "refreshed_at")) == [
        ("insert", "vip", None),
        ("update", "vip", LATER),
    ]


def test_it_is_never_deleted_and_keeps_its_code(acme: Shop) -> None:
    segment = segment_of(acme)
    with pytest.raises(DatabaseError), transaction.atomic():
        segment.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Segment.objects.filter(pk=segment.pk).update(code="other")
