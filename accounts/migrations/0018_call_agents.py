from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0017_counter"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rolegrant",
            name="accounts_role_known",
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(
                choices=[
                    ("assessor", "Assessor"),
                    ("collector", "Collector"),
                    ("approver", "Approver of levies"),
                    ("refund_approver", "Approver of refunds"),
                    ("treasurer", "Treasurer"),
                    ("cashier", "Cashier at a counter"),
                    ("call_agent", "Call-centre agent"),
                    ("court_clerk", "Clerk of the tax court"),
                    ("special_tax_advocate", "Special tax advocate"),
                    ("committee_member", "Committee member"),
                    ("chair", "Committee chair"),
                    ("auditor", "Auditor"),
                    ("administrator", "Administrator"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "assessor",
                            "collector",
                            "approver",
                            "refund_approver",
                            "treasurer",
                            "cashier",
                            "call_agent",
                            "court_clerk",
                            "special_tax_advocate",
                            "committee_member",
                            "chair",
                            "auditor",
                            "administrator",
                        ],
                    )
                ),
                name="accounts_role_known",
            ),
        ),
        LoadSql("accounts", "session.sql"),
    ]
