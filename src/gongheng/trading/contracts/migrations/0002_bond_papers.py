from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_contracts_and_archives")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="bond_paper_digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contract",
            name="bond_paper_name",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
    ]
