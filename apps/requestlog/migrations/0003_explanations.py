"""What campaigns knew of a call and what became of their rules stands beside the call."""

from django.db import migrations, models

COLUMNS = "ALTER TABLE requestlog_request ADD COLUMN facts bytea, ADD COLUMN verdicts bytea"
GONE = "ALTER TABLE requestlog_request DROP COLUMN facts, DROP COLUMN verdicts"


class Migration(migrations.Migration):
    dependencies = [("requestlog", "0002_storage")]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            GONE,
            state_operations=[
                migrations.AddField("request", "facts", models.BinaryField(null=True)),
                migrations.AddField("request", "verdicts", models.BinaryField(null=True)),
            ],
        )
    ]
