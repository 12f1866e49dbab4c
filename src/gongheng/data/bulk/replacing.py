"""A file that is there whole or not at all, however often and by how many it is written."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name to write to; when all is written it becomes ``path``, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        yield made
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
