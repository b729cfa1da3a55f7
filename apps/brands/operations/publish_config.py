"""Tell every process that the brand's configuration changed."""

from django.db.models import F

from apps.brands.models import Clock


def publish_config(*, brand_id: int) -> None:
    """Raise the brand's `config` number by one, in the transaction of the change: caches of older numbers are dead."""
    changed = Clock.objects.filter(brand_id=brand_id).update(config=F("config") + 1)
    assert changed == 1, f"brand {brand_id} has no clock row"
