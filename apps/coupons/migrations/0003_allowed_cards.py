"""Coupons of one card are found when it is transferred."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("coupons", "0002_storage")]

    operations = [
        migrations.AddIndex(
            model_name="coupon",
            index=GinIndex(condition=~Q(allowed_cards=[]), fields=["allowed_cards"], name="coupons_coupon_allowed"),
        ),
    ]
