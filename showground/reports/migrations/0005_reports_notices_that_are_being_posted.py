"""A notice that was given to the mail server, of which nobody knows yet whether it left, has a state of its own."""

from django.db import migrations, models

STATES = [
    ("drafted", "Drafted"), ("second_read", "Second Read"), ("posting", "Posting"), ("sent", "Sent"),
    ("acknowledged", "Acknowledged"), ("need_more", "Need More"), ("acted", "Acted"), ("partly", "Partly"), ("refused", "Refused"),
    ("no_answer", "No Answer"), ("already_gone", "Already Gone"), ("relapsed", "Relapsed"), ("corrected", "Corrected"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_reports_one_half_a_person")]

    operations = [
        migrations.AlterField("referral", "state", models.CharField(choices=STATES, default="drafted", max_length=14)),
        migrations.AddField("referral", "posting_at", models.BigIntegerField(null=True)),
        migrations.AddField("referral", "posts", models.PositiveSmallIntegerField(default=0)),
    ]
