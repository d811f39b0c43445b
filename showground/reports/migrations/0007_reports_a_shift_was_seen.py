"""When somebody last did something in a shift: an idle one is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_reports_links_that_end")]

    operations = [
        migrations.AddField(model_name="shift", name="seen_at", field=models.BigIntegerField(null=True)),
    ]
