from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0038_calls")]

    operations = [
        migrations.AlterField(
            model_name="virtualaccount", name="bank", field=models.CharField(blank=True, max_length=3)
        ),
        LoadSql("payments", "settle.sql"),
    ]
