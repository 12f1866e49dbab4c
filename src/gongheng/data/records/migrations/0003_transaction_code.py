"""Records are found by their unified transaction code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Only an index, which leaves out records without such a code."""

    dependencies = [("records", "0002_history")]

    operations = [
        migrations.AddIndex(
            model_name="current",
            index=models.Index(
                condition=models.Q(("transaction_code", ""), _negated=True),
                fields=["transaction_code"],
                name="records_current_deal",
            ),
        ),
    ]
