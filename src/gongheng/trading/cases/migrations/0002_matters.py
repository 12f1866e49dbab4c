from django.db import migrations, models
from django.db.models import F


def give_matters(apps, schema_editor):
    """Let a proposal from before be a matter of its own."""
    proposals = apps.get_model("cases", "Proposal").objects.using(schema_editor.connection.alias)
    proposals.filter(matter__isnull=True).update(matter=F("id"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_procedures_cases_and_steps")]

    operations = [
        migrations.AddField("proposal", "matter", models.UUIDField(null=True)),
        migrations.RunPython(give_matters, migrations.RunPython.noop),
        migrations.AlterField("proposal", "matter", models.UUIDField()),
    ]
