from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_channels")]

    operations = [LoadSql("payments", "direct.sql")]
