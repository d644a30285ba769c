from django.db import migrations, models
from django.db.models import Q

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0038_post_change_sql")]

    operations = [
        migrations.RemoveConstraint("billadjustment", "billing_adjustment_amounts"),
        migrations.AddConstraint(
            "billadjustment",
            models.CheckConstraint(
                condition=Q(amount__gte=0, returned__gte=0, surcharge_returned__gte=0)
                & ~Q(amount=0, returned=0, surcharge_returned=0)
                | Q(credit=True, amount__lt=0, returned=0, surcharge_returned=0)
                | Q(amount=0, returned__lte=0, surcharge_returned__lte=0) & ~Q(returned=0, surcharge_returned=0),
                name="billing_adjustment_amounts",
            ),
        ),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "take_back.sql"),
        LoadSql("billing", "threshold.sql"),
    ]
