"""A person holds keys to one half of identities, whatever two tabs do at the same moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_reports_appeal_of_a_report")]

    operations = [
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(("duty__in", ["custodian", "approver"]), ("revoked_at", None)),
                name="holder_of_one_half",
            ),
        ),
    ]
