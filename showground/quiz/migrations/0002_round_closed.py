from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quiz", "0001_quiz_first_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="closed",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
