from django.db import migrations, models

from core.migration import LoadSql

# Reductions that a claim led to before this: nobody has decided about them, so the law decides now.
FROM_CLAIMS = """
    UPDATE refunds_refund r SET told_by = 'claim', cause = 'amended', event_on = NULL, final_on = NULL, figures_on = NULL
    FROM refunds_claim c
    WHERE r.status = 'opened' AND c.ground <> 'request' AND c.status = 'granted'
      AND (r.source = 'change:' || c.change_id OR r.source LIKE 'change:' || c.change_id || '/%');
    UPDATE refunds_refund r SET told_by = 'request', requested_on = billing_local_date(c.asked_at)
    FROM refunds_claim c
    WHERE r.status = 'opened' AND c.ground = 'request' AND c.status = 'granted'
      AND (r.source = 'change:' || c.change_id OR r.source LIKE 'change:' || c.change_id || '/%');
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_sql"), ("refunds", "0006_kept_is_gone")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="arrived_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="requested_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="told_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("appeal", "A decision on an appeal"),
                    ("claim", "A claim by right that was granted"),
                    ("request", "A request that the office corrects its mistake"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("requested_on", None), ("told_by__in", ("", "appeal", "claim"))),
                    models.Q(("requested_on__isnull", False), ("told_by", "request")),
                    _connector="OR",
                ),
                name="refunds_refund_told",
            ),
        ),
        LoadSql("refunds", "law.sql"),
        LoadSql("refunds", "decide.sql"),
        migrations.RunSQL(FROM_CLAIMS, migrations.RunSQL.noop),
    ]
