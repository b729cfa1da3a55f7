"""What models cannot say: the wallets' sequence, room for heap-only updates, and a scale that stays once it is used."""

from django.db import migrations

SEQUENCE = "CREATE SEQUENCE ledger_wallet_id_seq OWNED BY ledger_wallet.id"
ROOM = """
ALTER TABLE ledger_wallet SET (fillfactor = 75);
ALTER TABLE ledger_lot SET (fillfactor = 75);
"""
SCALE = """
CREATE FUNCTION ledger_keep_scale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_lot WHERE brand_id = OLD.brand_id AND value_type_id = OLD.id) THEN
    RAISE EXCEPTION 'the scale of value type % is in use and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_keep_scale BEFORE UPDATE OF scale ON programs_valuetype
  FOR EACH ROW WHEN (OLD.scale <> NEW.scale) EXECUTE FUNCTION ledger_keep_scale();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE ledger_wallet_id_seq"),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(
            SCALE, "DROP TRIGGER ledger_keep_scale ON programs_valuetype; DROP FUNCTION ledger_keep_scale()"
        ),
    ]
