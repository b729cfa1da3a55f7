"""Room for heap-only updates of cards."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cards", "0001_initial")]

    operations = [migrations.RunSQL("ALTER TABLE cards_card SET (fillfactor = 90)", migrations.RunSQL.noop)]
