"""Ids of customers are drawn in a read statement, so that card and customer are written in one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE customers_customer_id_seq OWNED BY customers_customer.id",
            "DROP SEQUENCE customers_customer_id_seq",
        )
    ]
