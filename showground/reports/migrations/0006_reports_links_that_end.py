"""The link by which a partner answers ends, is renewed and recalled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_reports_notices_that_are_being_posted")]

    operations = [
        migrations.AddField("referral", "link_turn", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("referral", "link_until", models.BigIntegerField(null=True)),
    ]
