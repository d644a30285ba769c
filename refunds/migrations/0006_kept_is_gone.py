from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("refunds", "0005_claim_files")]
    operations = [LoadSql("refunds", "money.sql")]
