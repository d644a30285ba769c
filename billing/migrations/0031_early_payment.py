from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_limitation")]

    operations = [
        migrations.AddField(model_name="billcredit", name="until_on", field=models.DateField(null=True)),
        LoadSql("billing", "issue.sql"),
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "moved_back.sql"),
    ]
