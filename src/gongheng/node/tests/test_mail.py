"""The node's mail server: named in node.toml, checked, its password in a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from gongheng.node import config_file, mail
from gongheng.node.config import ConfigFaults, MailConfig
from gongheng.node.workbench import node as workbench_node
from gongheng.trust.crypto import sm2

NODE = """
code = "530100"
tier = "city"
name = "昆明市公共资源交易平台"
region = "530100"
platform_code = "12530100MB1X000028"
service_code = "12530100MB1X000028"
url = "http://127.0.0.1:8001"
"""
GOOD = """
[mail]
host = "smtp.example.cn"
port = 587
sender = "ggzy@example.cn"
user = "ggzy"
password_file = "keys/mail.password"
security = "starttls"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/node.pem").write_bytes(sm2.PrivateKey.generate().to_pem())
    (tmp_path / "keys/mail.password").write_text("geheim\n")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "node.toml"
    path.write_text(NODE + text, encoding="utf-8")
    return path


def test_a_mail_server_is_read_and_its_password_comes_from_the_file(folder: Path) -> None:
    node = config_file.read(written(folder, GOOD))

    assert node.mail == MailConfig(
        host="smtp.example.cn",
        sender="ggzy@example.cn",
        port=587,
        user="ggzy",
        password_path=folder / "keys/mail.password",
        security="starttls",
    )
    settings = mail.of(node)
    assert (settings.password, settings.security) == ("geheim", "starttls")
    assert settings.backend.endswith("smtp.EmailBackend")


def test_a_node_without_one_sends_nothing_and_a_demonstration_writes_files(folder: Path) -> None:
    node = config_file.read(written(folder, ""))

    assert node.mail is None
    assert mail.of(node).backend.endswith("dummy.EmailBackend")
    assert mail.of(workbench_node()).backend.endswith("filebased.EmailBackend")
    assert mail.of(replace(node, url="https://ggzy.example.cn")).sender.endswith("ggzy.example.cn")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('host = "smtp.example.cn"', "", "mail.host"),
        ('host = "smtp.example.cn"', 'host = "a b"', "mail.host"),
        ("port = 587", "port = 0", "mail.port"),
        ("port = 587", 'port = "587"', "mail.port"),
        ('sender = "ggzy@example.cn"', 'sender = "ggzy"', "mail.sender"),
        ('sender = "ggzy@example.cn"', 'sender = "a@b.cn\\nBcc: c@d.cn"', "mail.sender"),
        ('security = "starttls"', 'security = "ssl3"', "mail.security"),
        ("keys/mail.password", "keys/none", "mail.password_file"),
        ('user = "ggzy"', "", "mail.user"),
        ("[mail]", "[mail]\npasword = 1", "mail.pasword"),
        ("[mail]", "[mail.x]", "mail.host"),
    ],
)
def test_a_mistake_is_told_with_its_key(folder: Path, before: str, after: str, key: str) -> None:
    path = written(folder, GOOD.replace(before, after))

    with pytest.raises(ConfigFaults) as faults:
        config_file.read(path)

    assert key in [fault.key for fault in faults.value.faults]
