"""Customers learn which card they are on, so that a search finds cards in their order."""

from django.db import migrations

LEARN = """
UPDATE customers_customer p SET card_id = c.id FROM cards_card c
WHERE c.brand_id = p.brand_id AND c.customer_id = p.id AND p.card_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cards", "0003_children_events_transfers"), ("customers", "0003_reach")]

    operations = [migrations.RunSQL(LEARN, migrations.RunSQL.noop)]
