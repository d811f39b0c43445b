from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("works", "0002_files_may_be_held_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="work",
            name="state",
            field=models.CharField(
                choices=[
                    ("receiving", "Receiving"),
                    ("waiting", "Waiting"),
                    ("safe", "Safe"),
                    ("refused", "Refused"),
                    ("erasing", "Erasing"),
                ],
                default="receiving",
                max_length=12,
            ),
        ),
    ]
