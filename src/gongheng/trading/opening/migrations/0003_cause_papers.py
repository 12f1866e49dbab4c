from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opening", "0002_later_parts")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="paper_digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entry",
            name="paper_name",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
    ]
