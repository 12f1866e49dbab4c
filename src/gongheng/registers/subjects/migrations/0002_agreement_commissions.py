"""An agreement says which deeds the agency may do."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='agencyagreement',
            name='commissions',
            field=models.JSONField(default=list),
        ),
    ]
