from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exhibition", "0003_hand_outs_come_through_works")]

    operations = [
        migrations.AddField(model_name="intake", name="first", field=models.PositiveIntegerField(default=1)),
        migrations.AddField(model_name="intake", name="last", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="intake", name="read_to", field=models.PositiveIntegerField(default=0)),
    ]
