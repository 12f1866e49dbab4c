"""A node's database put back to an earlier state, as an operator with an old backup would do it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from gongheng.node import database_url
from gongheng.node.postgres.server import ADMINISTRATOR
from tests.nodes import Node, Nodes

PROGRAMS = ("web", "worker")


def keep_copy(nodes: Nodes, node: Node, name: str) -> None:
    """Copy the node's database under another name while its programs stand still."""
    with _standing_still(nodes, node) as administrator:
        _run(administrator, "CREATE DATABASE {} TEMPLATE {}", name, _name(node))


def restore_copy(nodes: Nodes, node: Node, name: str) -> None:
    """Put the copy in the place of the database, and start the node's programs anew."""
    live = _name(node)
    with _standing_still(nodes, node) as administrator:
        _run(administrator, "DROP DATABASE {}", live)
        _run(administrator, "ALTER DATABASE {} RENAME TO {}", name, live)
        _run(administrator, "ALTER DATABASE {} OWNER TO {}", live, live)
        for program in PROGRAMS:
            os.killpg(node.pid(program), signal.SIGKILL)


@contextmanager
def _standing_still(nodes: Nodes, node: Node) -> Iterator[psycopg.Connection]:
    """Stop the node's programs where they are, and let go of its database."""
    groups = [node.pid(program) for program in PROGRAMS]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    try:
        with psycopg.connect(_administrator(nodes), autocommit=True) as administrator:
            _let_go(administrator, _name(node))
            yield administrator
    finally:
        for group in groups:
            os.killpg(group, signal.SIGCONT)


def _let_go(administrator: psycopg.Connection, name: str) -> None:
    query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    ended = administrator.execute(query, [name]).fetchall()
    assert all(done for (done,) in ended)


def _run(administrator: psycopg.Connection, statement: str, *names: str) -> None:
    identifiers = [sql.Identifier(name) for name in names]
    administrator.execute(sql.SQL(statement).format(*identifiers))  # type: ignore[arg-type]


def _name(node: Node) -> str:
    return urlsplit(node.database_url).path.lstrip("/")


def _administrator(nodes: Nodes) -> str:
    folder = nodes.state / "postgres"
    return database_url.compose(
        user=ADMINISTRATOR,
        password=(folder / "password").read_text(),
        host="127.0.0.1",
        port=int((folder / "port").read_text()),
        name="postgres",
    )
