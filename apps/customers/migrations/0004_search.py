"""Indexes of the search.

Those of lower(x) hold x too: PostgreSQL would not answer from them alone otherwise. `customers_by_names` has both names
as one key: with two, the planner would take the index of one name and sort. `customers_by_first_prefix` is spelled with
another collation than `customers_by_prefixes`, which the planner would leave aside for it where both beginnings are
looked for.
"""

from typing import Any

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Lower

BY_NAMES = r"""CREATE INDEX customers_by_names ON customers_customer
 (brand_id, role, lower(last_name || E'\n' || first_name), card_id) INCLUDE (last_name, first_name)
 WHERE last_name <> ''"""
BY_FIRST_PREFIX = """CREATE INDEX customers_by_first_prefix ON customers_customer
 (brand_id, role, (lower(first_name) COLLATE "C"), card_id) INCLUDE (first_name)"""
BY_PART = """CREATE INDEX customers_by_part ON customers_customer USING gin
 (lower(first_name || ' ' || last_name || ' ' || email || ' ' || phone || ' ' || mobile_phone) gin_trgm_ops)"""


BY_ONE_KEY = (
    ("customer", "customers_by_email", ("brand_id", "role", Lower("email"), "card_id"), "email"),
    ("customer", "customers_by_last_name", ("brand_id", "role", Lower("last_name"), "card_id"), "last_name"),
    ("customer", "customers_by_first_name", ("brand_id", "role", Lower("first_name"), "card_id"), "first_name"),
    ("fieldvalue", "customers_by_field_value", ("brand_id", "field_id", "role", Lower("value"), "card_id"), "value"),
)


def by_key(model: str, name: str, keys: tuple[Any, ...], column: str) -> list[Operation]:
    is_partial = model == "customer"
    index = models.Index(
        *keys, name=name, condition=~models.Q(**{column: ""}) if is_partial else None, include=[column]
    )
    return [migrations.RemoveIndex(model_name=model, name=name), migrations.AddIndex(model_name=model, index=index)]


def in_sql(name: str, text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text, f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_reach")]

    operations = [
        TrigramExtension(),
        *(operation for each in BY_ONE_KEY for operation in by_key(*each)),
        migrations.RemoveIndex(model_name="customer", name="customers_by_names"),
        in_sql("customers_by_names", BY_NAMES),
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
        in_sql("customers_by_first_prefix", BY_FIRST_PREFIX),
        in_sql("customers_by_part", BY_PART),
    ]
