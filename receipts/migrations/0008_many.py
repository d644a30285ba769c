from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("receipts", "0007_annulled_sql"), ("core", "0012_many")]

    operations = [LoadSql("receipts", "many.sql")]
