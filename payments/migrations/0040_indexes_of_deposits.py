import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0039_store_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="bankline",
            name="payments_bankline_movement",
        ),
        migrations.RemoveIndex(
            model_name="bankline",
            name="payments_bankline_entry",
        ),
        migrations.RemoveIndex(
            model_name="bankline",
            name="payments_bankline_alike",
        ),
        migrations.AlterField(
            model_name="attempt",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="basket",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="payments.basket",
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="reference",
            field=models.CharField(max_length=32),
        ),
        migrations.AlterField(
            model_name="attemptitem",
            name="attempt",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="items", to="payments.attempt"
            ),
        ),
        migrations.AlterField(
            model_name="bankline",
            name="attempt",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.attempt",
            ),
        ),
        migrations.AlterField(
            model_name="bankline",
            name="file",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="payments.bankfile",
            ),
        ),
        migrations.AlterField(
            model_name="bankline",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.payment",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="message",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.inboxmessage",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                models.F("account"), condition=models.Q(("account__isnull", False)), name="payments_attempt_of_account"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                models.F("basket"), condition=models.Q(("basket__isnull", False)), name="payments_attempt_of_basket"
            ),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(models.F("movement_id"), models.F("gateway"), name="payments_bankline_of_movement"),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(
                models.F("entry_ref"),
                models.F("gateway"),
                condition=models.Q(("entry_ref", ""), _negated=True),
                name="payments_bankline_of_entry",
            ),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(
                models.F("account"),
                models.F("booked_on"),
                models.F("amount"),
                models.F("gateway"),
                condition=models.Q(("entry_ref", ""), ("own_ref", "")),
                name="payments_bankline_nameless",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("message"), condition=models.Q(("message__isnull", False)), name="payments_payment_of_message"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(models.F("reference"), name="payments_attempt_reference_once"),
        ),
    ]
