"""Indexes of the search.

`customers_by_names` has both names as one key: with two, the planner would take the index of one name and sort.
`customers_by_first_prefix` is spelled with another collation than `customers_by_prefixes`, which the planner would
leave aside for it where both beginnings are looked for. Both hold the names themselves, or they could not answer
without the table. In `customers_by_part`, the brand is an expression that no other index answers: the planner would
fetch all rows of the brand from those and intersect.
"""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Lower

BY_NAMES = r"""CREATE INDEX customers_by_names ON customers_customer
 (brand_id, role, lower(last_name || E'\n' || first_name), card_id) WHERE last_name <> ''"""
BY_FIRST_PREFIX = """CREATE INDEX customers_by_first_prefix ON customers_customer
 (brand_id, role, (lower(first_name) COLLATE "C"), card_id) INCLUDE (first_name)"""
BY_PART = """CREATE INDEX customers_by_part ON customers_customer USING gin ((brand_id + 0),
 lower(first_name || ' ' || last_name || ' ' || email || ' ' || phone || ' ' || mobile_phone) gin_trgm_ops)"""


def index(name: str, sql: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_reach")]

    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RemoveIndex(model_name="customer", name="customers_by_names"),
        index("customers_by_names", BY_NAMES),
        migrations.RemoveIndex(model_name="customer", name="customers_by_prefixes"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                "brand_id",
                "role",
                OpClass(Lower("last_name"), "text_pattern_ops"),
                OpClass(Lower("first_name"), "text_pattern_ops"),
                "card_id",
                name="customers_by_prefixes",
                include=["last_name", "first_name"],
            ),
        ),
        index("customers_by_first_prefix", BY_FIRST_PREFIX),
        index("customers_by_part", BY_PART),
    ]
