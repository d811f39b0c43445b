"""Of the newest figures the desk keeps what is not counted yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_reports_two_end_a_hold")]

    operations = [
        migrations.AddField(
            model_name="figuresnapshot",
            name="waiting",
            field=models.JSONField(default=dict),
        ),
    ]
