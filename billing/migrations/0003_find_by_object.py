from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sql"),
        ("billing", "0002_sql"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(models.F("object_ref"), name="billing_bill_of_object"),
        ),
        migrations.AddIndex(
            model_name="rollrow",
            index=models.Index(
                models.F("object_ref"), condition=models.Q(("bill__isnull", True)), name="billing_rollrow_object"
            ),
        ),
    ]
