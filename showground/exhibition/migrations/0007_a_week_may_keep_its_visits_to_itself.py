import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exhibition", "0006_boards_are_taken_down_and_hung_again")]

    operations = [
        migrations.CreateModel(
            name="UntoldVisits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "week",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="weeks.week"),
                ),
            ],
        ),
    ]
