from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0021_pooled_numbers")]

    operations = [LoadSql("payments", "basket.sql")]
