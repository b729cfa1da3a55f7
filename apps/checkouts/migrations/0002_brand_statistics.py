"""No statistics on `brand_id`.

The planner would know how many rows each brand had when statistics were last taken, and take a brand that it does not
know yet for an empty one: any index that begins with `brand_id` then looks as good as the right one, and a new brand
crawls until the next ANALYZE. Without them it takes all brands for equal, and the other columns decide.

A test names the table that a later migration forgets.
"""

from django.db import migrations

FORGET_BRANDS = """
DO $$
DECLARE tenant record;
BEGIN
  FOR tenant IN
    SELECT c.oid::regclass AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname = 'brand_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN brand_id SET STATISTICS 0', tenant.name);
  END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("brands", "0001_initial"),
        ("cards", "0002_storage"),
        ("checkouts", "0001_initial"),
        ("customers", "0002_sequence"),
        ("ledger", "0002_storage"),
        ("programs", "0001_initial"),
        ("requestlog", "0002_storage"),
    ]

    operations = [migrations.RunSQL(FORGET_BRANDS, migrations.RunSQL.noop)]
