from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0033_transfers")]

    operations = [LoadSql("payments", "transfers.sql"), LoadSql("payments", "deposits.sql")]
