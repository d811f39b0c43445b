import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exhibition", "0001_exhibition_first_tables"), ("works", "0001_works_first_tables")]

    operations = [
        migrations.AlterModelOptions(name="medium", options={"ordering": ["pk"]}),
        migrations.RemoveField(model_name="medium", name="rendition"),
        migrations.RemoveField(model_name="medium", name="transcript"),
        migrations.RemoveField(model_name="medium", name="captions"),
        migrations.AddField(
            model_name="medium",
            name="work",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="works.work"),
        ),
        migrations.AddField(model_name="medium", name="transcript", field=models.JSONField(blank=True, default=dict)),
        migrations.AddField(model_name="medium", name="captions", field=models.JSONField(blank=True, default=dict)),
        migrations.AddField(model_name="medium", name="credit", field=models.CharField(blank=True, max_length=200)),
        migrations.AddField(model_name="medium", name="excuse", field=models.TextField(blank=True)),
    ]
