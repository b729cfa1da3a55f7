"""Room for heap-only updates of coupons."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coupons", "0001_initial")]

    operations = [migrations.RunSQL("ALTER TABLE coupons_coupon SET (fillfactor = 80)", migrations.RunSQL.noop)]
