import django.db.models.deletion
from django.db import migrations, models

KINDS = [("poster", "Poster"), ("leaflet", "Leaflet"), ("wallpaper", "Wallpaper"), ("film", "Film"), ("sound", "Sound")]


class Migration(migrations.Migration):
    dependencies = [
        ("exhibition", "0002_recordings_come_through_works_and_speak_two_languages"),
        ("works", "0001_works_first_tables"),
    ]

    operations = [
        migrations.AlterModelOptions(name="handout", options={"ordering": ["order", "pk"]}),
        migrations.RemoveField(model_name="handout", name="files"),
        migrations.AddField(
            model_name="handout",
            name="work",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="works.work"),
        ),
        migrations.AddField(model_name="handout", name="about", field=models.JSONField(blank=True, default=dict)),
        migrations.AddField(model_name="handout", name="language", field=models.CharField(blank=True, max_length=8)),
        migrations.AlterField(model_name="handout", name="kind", field=models.CharField(choices=KINDS, max_length=12)),
    ]
