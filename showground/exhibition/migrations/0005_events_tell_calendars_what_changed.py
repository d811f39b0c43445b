from django.db import migrations, models

KINDS = [("talk", "Talk"), ("quiz", "Quiz"), ("stream", "Stream"), ("tour", "Tour")]


class Migration(migrations.Migration):
    dependencies = [("exhibition", "0004_a_long_print_file_is_read_in_parts")]

    operations = [
        migrations.AlterField(model_name="event", name="kind", field=models.CharField(choices=KINDS, max_length=10)),
        migrations.AlterField(model_name="event", name="link", field=models.URLField(blank=True, max_length=500)),
        migrations.AddField(model_name="event", name="quiz", field=models.SlugField(blank=True, max_length=40)),
        migrations.AddField(model_name="event", name="changes", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="event", name="changed_at", field=models.BigIntegerField(default=0)),
    ]
