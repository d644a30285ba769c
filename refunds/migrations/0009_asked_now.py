from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("refunds", "0008_returns_of_any_tax")]
    operations = [LoadSql("refunds", "ask.sql")]
