from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_cancellations")]

    operations = [LoadSql("payments", "cancellations.sql")]
