"""Begin the counting of products that are bought together anew."""

from django.db import transaction

from apps.facts.models import CoPurchase, CoPurchaseMark


def forget_copurchases(*, brand_id: int) -> None:
    """Forget all pairs of a brand, and that they were counted. Waits for a worker that is counting."""
    with transaction.atomic():
        CoPurchaseMark.objects.select_for_update().filter(brand_id=brand_id).first()
        CoPurchase.objects.filter(brand_id=brand_id).delete()
        CoPurchaseMark.objects.filter(brand_id=brand_id).delete()
