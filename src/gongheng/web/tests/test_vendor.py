import csv
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
MANIFESTS = ("src/gongheng/web/static/vendor/MANIFEST.csv", "tests/vendor/MANIFEST.csv")


def test_foreign_files_are_the_ones_that_were_fetched() -> None:
    for manifest in MANIFESTS:
        with (ROOT / manifest).open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        for row in rows:
            stored = (ROOT / row["file"]).read_bytes()
            assert hashlib.sha256(stored).hexdigest() == row["sha256"], row["file"]


def test_every_foreign_package_ships_its_licence() -> None:
    for manifest in MANIFESTS:
        with (ROOT / manifest).open(newline="") as file:
            rows = list(csv.DictReader(file))
        packages = {row["package"] for row in rows}
        licensed = {row["package"] for row in rows if row["file"].endswith("/LICENSE")}
        assert packages == licensed
