from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_call_agents"),
        ("billing", "0034_collected_sql"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionbill",
            name="pay_only",
            field=models.BooleanField(db_default=False),
        ),
        LoadSql("billing", "callers.sql"),
        LoadSql("billing", "find_bill.sql"),
        LoadSql("billing", "paper.sql"),
    ]
