from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.registers.messages.tests.smtp import Server, running


@pytest.fixture(autouse=True)
def quiet_house(settings: Any) -> None:
    """Hash quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """A mail server that the node uses."""
    with running() as told:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", told.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "ggzy@example.cn"
        yield told


@pytest.fixture
def sms_folder(settings: Any, tmp_path: Path) -> Path:
    """The folder that is the provider of short messages."""
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)
    return tmp_path / "sms"
