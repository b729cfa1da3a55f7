"""Room for heap-only updates of what is hot, and no statistics on `brand_id` of any table made since: see
`checkouts.0002`."""

from importlib import import_module

from django.db import migrations

FORGET_BRANDS = import_module("apps.checkouts.migrations.0002_brand_statistics").FORGET_BRANDS

ROOM = """
ALTER TABLE campaigns_budget SET (fillfactor = 50);
ALTER TABLE checkouts_setup SET (fillfactor = 80);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("cards", "0006_checkout_lock"),
        ("checkouts", "0004_setups_and_returns"),
        ("facts", "0004_firing"),
        ("requestlog", "0003_explanations"),
        ("segments", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_BRANDS, migrations.RunSQL.noop),
    ]
