from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("receipts", "0003_rulings")]

    operations = [
        migrations.AddField("document", "sealed", models.BooleanField(default=False, db_default=False)),
        LoadSql("receipts", "sealed.sql"),
    ]
