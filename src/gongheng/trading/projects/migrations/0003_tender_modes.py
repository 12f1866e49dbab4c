from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0002_filings_plans_and_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenderproject',
            name='procedure',
            field=models.CharField(default='works_open', max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='tenderproject',
            name='mode',
            field=models.CharField(default='1', max_length=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='filing',
            name='ground',
            field=models.CharField(blank=True, default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='filing',
            name='recognised_by',
            field=models.CharField(blank=True, default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='filing',
            name='recognition_number',
            field=models.CharField(blank=True, default='', max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='filing',
            name='recognised_on',
            field=models.DateField(null=True),
        ),
    ]
