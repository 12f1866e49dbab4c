"""The folder of files that other systems need to send right records; the same tables give the same bytes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gongheng.data.standard import schema
from gongheng.data.standard.exports import ddl, dictionary, rows, xsd
from gongheng.data.standard.registry import datasets
from gongheng.kernel.reasons import Reason, Refusal

NOT_EMPTY: Final = Reason(
    code="standard.folder_not_empty",
    message="目录里已有文件，未写入任何内容。",
    remedy="请指定一个新的或空的目录。",
)


def write(folder: Path) -> int:
    """Write all files into a new or empty folder and return how many. Raises ``Refusal``."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(NOT_EMPTY, folder=str(folder))
    count = 0
    for name, content in files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    return count


def files() -> Iterator[tuple[str, bytes]]:
    """Yield every file: its name in the folder and its bytes."""
    yield "dictionary.html", dictionary.page()
    yield "postgresql.sql", ddl.script().encode()
    yield f"xsd/{xsd.CODES}", xsd.codes()
    for dataset in datasets():
        code = dataset.code
        described = json.dumps(schema.json_schema(code), ensure_ascii=False)
        yield f"json-schema/{code}.json", f"{described}\n".encode()
        yield f"xsd/{code}.xsd", xsd.schema(code)
        body = rows.sample(code)
        yield f"samples/{code}.json", rows.as_json(body)
        yield f"samples/{code}.xml", rows.as_xml(code, [body])
