"""A database server of our own for one benchmark: durable, as in production; gone afterwards."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongheng.node.postgres import databases
from gongheng.node.postgres.server import Server


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that the server's account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="gongheng-benchmark-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_server() -> Iterator[tuple[Server, str]]:
    """Start a server and give it with the address of an empty database on it."""
    with temporary_folder() as folder:
        server = Server(folder / "server")
        server.start()
        try:
            yield server, databases.prepare(server.url(), "gongheng_benchmark")
        finally:
            server.stop()


def use_django(url: str) -> None:
    """Set Django up on the database, as the workbench's city node, and make the tables."""
    if "django" in sys.modules and os.environ.get("DATABASE_URL", url) != url:
        msg = "Django is already set up on another database"
        raise RuntimeError(msg)
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
    import django  # noqa: PLC0415  the address must be known first
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
