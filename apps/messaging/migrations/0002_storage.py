"""Room for the update that claims a message, and no statistics on `brand_id` of the tables: see `checkouts.0002`."""

from importlib import import_module

from django.db import migrations

FORGET_BRANDS = import_module("apps.checkouts.migrations.0002_brand_statistics").FORGET_BRANDS

ROOM = "ALTER TABLE messaging_outbox SET (fillfactor = 80);"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("checkouts", "0002_brand_statistics")]

    operations = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_BRANDS, migrations.RunSQL.noop),
    ]
