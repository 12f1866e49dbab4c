"""The how-to page on columns is followed in a copy of the code: model, migration, nothing left open."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.docs.pages import HOW_TO, page

SOURCE = HOW_TO.parents[1] / "src"
COLUMN = re.compile(r"^   ```python\n   (.*)\n   ```$", re.MULTILINE)
COMMAND = re.compile(r"-m django (makemigrations \w+ --name \w+)")


def _django(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of Django's commands in the copy, beside the database of this very run."""
    kept = {name: value for name, value in os.environ.items() if name != "GONGHENG_NODE"}
    name = settings.DATABASES["default"]["NAME"]
    place = re.sub(r"[^/]+$", name, kept.get("DATABASE_URL", ""))
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", *words],
        env=kept
        | {"PYTHONPATH": str(clone), "DJANGO_SETTINGS_MODULE": "gongheng.node.settings"}
        | ({"DATABASE_URL": place} if place else {}),
        capture_output=True,
        text=True,
        check=False,
        cwd=clone,
    )


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.django_db
def test_a_new_column_is_a_line_of_the_model_and_a_named_migration(tmp_path: Path) -> None:
    column, command = (
        COLUMN.search(page("change-a-column")),
        COMMAND.search(page("change-a-column")),
    )
    assert column
    assert command
    clone = tmp_path / "src"
    shutil.copytree(SOURCE, clone, ignore=shutil.ignore_patterns("tests"))
    models = clone / "gongheng/trading/projects/models.py"
    model = models.read_text(encoding="utf-8")
    models.write_text(model.replace("    created_at =", f"    {column[1]}\n    created_at =", 1))

    made = _django(clone, *command[1].split())
    settled = _django(clone, "makemigrations", "--check", "--dry-run")

    assert made.returncode == 0, made.stderr
    assert settled.returncode == 0, settled.stdout
    (migration,) = models.parent.glob("migrations/*_project_contact_email.py")
    text = migration.read_text(encoding="utf-8")
    assert "db_default=''" in text  # the old code can still insert
    assert text.count("migrations.AddField") == 1
