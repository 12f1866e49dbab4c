"""An objection may come with a file of evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0002_objection_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='paper_digest',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='objection',
            name='paper_name',
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
