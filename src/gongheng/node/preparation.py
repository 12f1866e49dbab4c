"""What must be done once before a node may answer: tables, procedures, static files, demo data."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from gongheng.node import places
from gongheng.node.config import NodeConfig
from gongheng.node.postgres import databases
from gongheng.node.tiers import TIERS
from gongheng.procedures import all_procedures
from gongheng.trading.cases import canonical_form

STATIC_STAMP = ".digest"


def migrations_digest() -> str:
    """Return the digest of every migration of the package."""
    return _digest(places.PACKAGE.glob("**/migrations/*.py"))


def static_digest() -> str:
    """Return the digest of every static file of the package."""
    return _digest(path for path in places.PACKAGE.glob("**/static/**/*") if path.is_file())


def procedures_digest() -> str:
    """Return the digest of every declared procedure: an amended one is adopted as a new version."""
    declared = b"".join(map(canonical_form.canonical_bytes, all_procedures()))
    return hashlib.sha256(declared).hexdigest()


def demo_digest() -> str:
    """Return the digest of what a demonstration begins with."""
    return _digest(places.PACKAGE.glob("node/demo/*.py"))


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(places.PACKAGE)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_prepared(node: NodeConfig, url: str) -> bool:
    """Tell whether the database and the static files are those of this very package."""
    return not (
        _stale_tables(url)
        or _lacks_procedures(node, url)
        or _stale_static(node)
        or _lacks_demo(node, url)
    )


def _stale_tables(url: str) -> bool:
    return databases.note(url).get("migrations") != migrations_digest()


def _lacks_procedures(node: NodeConfig, url: str) -> bool:
    conducts_trades = TIERS[node.tier].conducts_trades
    return conducts_trades and databases.note(url).get("procedures") != procedures_digest()


def _lacks_demo(node: NodeConfig, url: str) -> bool:
    return node.is_demo and databases.note(url).get("demo") != demo_digest()


def _stale_static(node: NodeConfig) -> bool:
    stamp = node.state_dir / "static" / STATIC_STAMP
    return not stamp.exists() or stamp.read_text() != static_digest()


def prepare(node: NodeConfig, url: str) -> None:
    """Do what is missing; safe to run again. Needs the node's Django settings."""
    from django.core.management import call_command  # noqa: PLC0415  the supervisor has no Django
    from django.db import transaction  # noqa: PLC0415

    facts = databases.note(url)
    if _stale_tables(url):
        call_command("migrate", interactive=False, verbosity=0)
        facts["migrations"] = migrations_digest()
        databases.write_note(url, facts)
    if _lacks_procedures(node, url):
        adopt_procedures()
        facts["procedures"] = procedures_digest()
        databases.write_note(url, facts)
    if _stale_static(node):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        (node.state_dir / "static" / STATIC_STAMP).write_text(static_digest())
    if _lacks_demo(node, url):
        with transaction.atomic():
            _load_demo(node, is_first="demo" not in facts)
        databases.write_note(url, facts | {"demo": demo_digest()})


def adopt_procedures() -> None:
    """Adopt what is declared and not adopted yet; cases under way keep their version.

    Raises ``UnsoundProcedure`` for a declaration that the model check refuses.
    """
    from django.db import transaction  # noqa: PLC0415  the supervisor has no Django

    from gongheng.trading.cases import actions  # noqa: PLC0415
    from gongheng.web.clock import legal_now  # noqa: PLC0415

    with transaction.atomic():
        for procedure in all_procedures():
            actions.adopt(procedure, now=legal_now())


def _load_demo(node: NodeConfig, *, is_first: bool) -> None:
    from gongheng.node import demo_accounts, demo_data  # noqa: PLC0415  these import every room
    from gongheng.node.demo import people  # noqa: PLC0415
    from gongheng.web.clock import legal_now  # noqa: PLC0415

    if is_first:
        demo_data.load(node)
    else:
        demo_data.add(node, now=legal_now())
    present = people.people(conducts_trades=TIERS[node.tier].conducts_trades)
    demo_accounts.write(
        node.state_dir,
        [
            demo_accounts.DemoAccount(
                person.username, person.display_name, person.task, people.PASSWORD
            )
            for person in present
        ],
    )
