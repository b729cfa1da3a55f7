"""When an API key was last used is derived from the log, not counted by calls."""

from datetime import UTC, datetime, timedelta

from apps.brands.models import ApiCredential, Clock
from apps.brands.operations.note_credential_use import note_credential_use
from apps.requestlog import tasks
from tests.shop import Shop


def key_of(shop: Shop) -> ApiCredential:
    """The shop's only key, as it is now."""
    return ApiCredential.objects.get(brand=shop.brand)


def test_a_use_is_noted_by_the_task_and_not_by_the_call(acme: Shop, charlie: Shop) -> None:
    began = datetime.now(UTC) - timedelta(milliseconds=1)
    acme.card()
    assert key_of(acme).last_used_at is None
    tasks.note_credential_use()
    noted = key_of(acme).last_used_at
    assert noted is not None
    assert began <= noted <= datetime.now(UTC)
    assert key_of(charlie).last_used_at is None


def test_a_refused_call_with_the_right_secret_is_a_use_too(acme: Shop) -> None:
    assert acme.post("allocate", {}).code == 9
    tasks.note_credential_use()
    assert key_of(acme).last_used_at is not None


def test_a_later_use_moves_it_on_and_a_second_run_changes_nothing(acme: Shop) -> None:
    acme.card()
    tasks.note_credential_use()
    first = key_of(acme).last_used_at
    tasks.note_credential_use()
    assert key_of(acme).last_used_at == first
    acme.card()
    tasks.note_credential_use()
    second = key_of(acme).last_used_at
    assert first is not None
    assert second is not None
    assert second > first


def test_it_never_goes_back_and_stays_within_the_brand(acme: Shop, charlie: Shop) -> None:
    now = datetime.now(UTC)
    key = key_of(acme)
    assert note_credential_use(brand_id=acme.brand.pk, uses={key.pk: now}) == 1
    assert note_credential_use(brand_id=acme.brand.pk, uses={key.pk: now - timedelta(hours=1)}) == 0
    assert note_credential_use(brand_id=charlie.brand.pk, uses={key.pk: now + timedelta(hours=1)}) == 0
    assert key_of(acme).last_used_at == now


def test_noting_a_use_is_no_change_of_configuration(acme: Shop) -> None:
    number = Clock.objects.get(brand=acme.brand).config
    note_credential_use(brand_id=acme.brand.pk, uses={key_of(acme).pk: datetime.now(UTC)})
    assert Clock.objects.get(brand=acme.brand).config == number
