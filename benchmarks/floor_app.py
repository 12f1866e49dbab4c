"""The floor of the exchange: a bare application that inserts each line of a body into one table."""

import os
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

TABLE = "CREATE TABLE IF NOT EXISTS floor_record (id bigserial PRIMARY KEY, body text NOT NULL)"
_INSERT = "INSERT INTO floor_record (body) VALUES (%s)"

_connection: "psycopg.Connection[Any] | None" = None


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Store the lines of a POST in one transaction; nothing is judged, signed or answered."""
    global _connection  # noqa: PLW0603  one worker, one thread, one connection
    if _connection is None:
        _connection = psycopg.connect(os.environ["DATABASE_URL"])
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    with _connection.transaction(), _connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(line.decode(),) for line in body.splitlines()])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
