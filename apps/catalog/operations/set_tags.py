"""Set the tags of a product."""

from collections.abc import Iterable

from django.db import transaction

from apps.catalog.core.products import clean_tags
from apps.catalog.models import Product, ProductTag


def set_tags(*, product: Product, tags: Iterable[str]) -> list[str]:
    """Give the product exactly these tags; returns them cleaned: trimmed, each once, sorted. Bad ones: 9."""
    cleaned = clean_tags(tags)
    own = {"brand_id": product.brand_id, "product_id": product.pk}
    with transaction.atomic():
        Product.objects.select_for_update().get(brand=product.brand_id, pk=product.pk)
        ProductTag.objects.filter(**own).exclude(tag__in=cleaned).delete()
        ProductTag.objects.bulk_create([ProductTag(**own, tag=tag) for tag in cleaned], ignore_conflicts=True)
    return cleaned
