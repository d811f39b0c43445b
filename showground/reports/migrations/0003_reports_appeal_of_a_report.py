"""An appeal of a reporter names the report: others of the same case have an appeal of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_reports_appeal_words")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="report",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.report"),
        ),
    ]
