"""A device at a booth has a row, so that its address can be recalled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_reports_a_shift_was_seen"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Booth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.BigIntegerField()),
                ("expires_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
                ("seen_at", models.BigIntegerField(null=True)),
                ("day", models.BigIntegerField(default=0)),
                ("filed", models.PositiveIntegerField(default=0)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
