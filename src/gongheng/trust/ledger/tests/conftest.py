"""A log to write in."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from gongheng.kernel.faults import POINT, SWITCH
from gongheng.kernel.identifiers import uuid7
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions
from gongheng.trust.ledger.models import Leaf


@pytest.fixture(scope="session")
def key() -> PrivateKey:
    return PrivateKey.generate()


@pytest.fixture
def enter() -> Callable[..., Leaf]:
    def entered(data: bytes = b"leaf", subject_id: UUID | None = None) -> Leaf:
        with transaction.atomic():
            return actions.enter(
                kind="record", subject_id=subject_id or uuid7(), data=data, region_code="530100"
            )

    return entered


@pytest.fixture
def child_environment() -> Callable[[str], dict[str, str]]:
    """Give the environment of a process on the test's database that dies at a named point."""

    def environment(fault: str) -> dict[str, str]:
        settings = connection.settings_dict
        address = (
            f"postgresql://{settings['USER']}:{settings['PASSWORD']}"
            f"@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        )
        source = str(Path(actions.__file__).parents[3])
        return {
            **os.environ,
            "DATABASE_URL": address,
            "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")]),
            POINT: fault,
            SWITCH: "1",
        }

    return environment
