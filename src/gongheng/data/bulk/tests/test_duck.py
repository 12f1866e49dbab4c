"""Much is judged in more memory, little in little."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import duck

LIMIT = "SELECT current_setting('memory_limit')"


def test_memory_grows_with_what_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.parquet"
    pq.write_table(pa.table({"place": list(range(1000))}), file)
    monkeypatch.setattr(duck, "MUCH", 2 * file.stat().st_size)
    engine = duck.Duck(tmp_path)
    found = []
    for name in ("one", "two", "three"):
        engine.view(name, [file])
        found.append(engine._connection.execute(LIMIT).fetchone())
    engine.close()

    assert found[0] == ("488.2 MiB",)
    assert found[1] == found[2] == ("1.1 GiB",)
