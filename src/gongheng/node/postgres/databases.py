"""One database and one login role for each node, without rights on the others'."""

import json
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from gongheng.kernel.reasons import Refusal
from gongheng.node import database_url
from gongheng.node.postgres.binaries import MINIMUM_MAJOR
from gongheng.node.postgres.reasons import TOO_OLD, UNREACHABLE, WRONG_LOCALE
from gongheng.node.postgres.server import new_password


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection that commits each statement. Raises ``Refusal`` (``UNREACHABLE``)."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        shown = database_url.without_password(url)
        raise Refusal(UNREACHABLE, url=shown, said=str(error).strip()) from error


def check(url: str) -> None:
    """Refuse a server that is too old or does not know Chinese letters. Raises ``Refusal``."""
    with connect(url) as connection:
        version = connection.info.server_version // 10_000
        if version < MINIMUM_MAJOR:
            raise Refusal(TOO_OLD, found=version, needed=MINIMUM_MAJOR)
        if not _knows_letters(connection):
            raise Refusal(WRONG_LOCALE, url=database_url.without_password(url))


def _knows_letters(connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """Tell whether case and word rules cover letters beyond ASCII."""
    encoding = connection.execute("SHOW server_encoding").fetchone()
    if encoding != ("UTF8",):
        return False
    if connection.execute("SELECT lower('ÀÉ'), '公共资源' ~ '^\\w+$'").fetchone() != ("àé", True):
        return False
    has_trigrams = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if has_trigrams.fetchone() is None:
        return True
    trigrams = connection.execute("SELECT cardinality(show_trgm('公共资源交易'))").fetchone()
    return trigrams is not None and trigrams != (0,)


def prepare(administrator_url: str, name: str, password: str = "") -> str:
    """Return the address of the node's database, made with its role if it does not exist.

    ``password`` is the one in use, if the caller knows it; it is set again, so a lost one heals.
    """
    secret = password or new_password()
    role, database = sql.Identifier(name), sql.Identifier(name)
    with connect(administrator_url) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                verb, role, sql.Literal(secret)
            )
        )
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if there.fetchone() is None:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    parts = urlsplit(administrator_url)
    return database_url.compose(
        user=name,
        password=secret,
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 5432,
        name=name,
    )


def note(url: str) -> dict[str, object]:
    """Return what we wrote about the database (its comment), empty for a new one."""
    with connect(url) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    with suppress(ValueError, TypeError):
        found = json.loads(str(row[0])) if row else None
        if isinstance(found, dict):
            return found
    return {}


def write_note(url: str, facts: dict[str, object]) -> None:
    """Write about the database into the database, so that the words are lost with it."""
    with connect(url) as connection:
        name = sql.Identifier(connection.info.dbname)
        text = sql.Literal(json.dumps(facts, sort_keys=True))
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, text))
