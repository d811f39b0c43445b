import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exhibition", "0005_events_tell_calendars_what_changed")]

    operations = [
        migrations.CreateModel(
            name="Hanging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gone", models.BooleanField()),
                ("at", models.BigIntegerField()),
                (
                    "board",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hangings", to="exhibition.board"),
                ),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "minute",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.minute"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hangings", to="exhibition.text"),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
