from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deposits", "0001_deposits")]

    operations = [
        migrations.AddField(
            model_name="deposit",
            name="kept_paper_digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deposit",
            name="kept_paper_name",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
    ]
