"""Room for heap-only updates, and no statistics on `brand_id` of any table made since: see `checkouts.0002`."""

from importlib import import_module

from django.db import migrations

FORGET_BRANDS = import_module("apps.checkouts.migrations.0002_brand_statistics").FORGET_BRANDS

ROOM = """
ALTER TABLE facts_visits SET (fillfactor = 75);
ALTER TABLE facts_purchases SET (fillfactor = 75);
ALTER TABLE facts_skucount SET (fillfactor = 80);
ALTER TABLE facts_placecount SET (fillfactor = 80);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("facts", "0001_initial"),
        ("cards", "0004_people_know_their_card"),
        ("catalog", "0001_initial"),
        ("checkouts", "0003_line_sku"),
        ("coupons", "0002_storage"),
        ("customers", "0003_reach"),
        ("jobs", "0001_initial"),
        ("ledger", "0003_conversion"),
        ("programs", "0003_exchange_rate"),
    ]

    operations = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_BRANDS, migrations.RunSQL.noop),
    ]
