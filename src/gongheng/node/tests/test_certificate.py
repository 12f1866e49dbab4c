"""The certificate under a node's address, shown by a real server on this machine."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.node import certificate, cli, demo_nodes

HOST = "127.0.0.1"


def written(folder: Path, ends_at: datetime) -> Path:
    """Write a certificate for this machine that ends then, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends_at - timedelta(days=365))
        .not_valid_after(ends_at)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


@contextmanager
def site(pem: Path) -> Iterator[str]:
    """Serve TLS with a certificate; yield the address."""
    server = HTTPServer((HOST, 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def trust(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))


def test_a_certificate_that_lasts_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = machine_now().replace(microsecond=0)
    pem = written(tmp_path, now + timedelta(days=30, hours=1))
    trust(pem, monkeypatch)

    with site(pem) as url:
        assert certificate.look(url, now=now) == now + timedelta(days=30, hours=1)
        with pytest.raises(Refusal) as refusal:
            certificate.look(url, now=now + timedelta(hours=2))

    assert refusal.value.reason is certificate.ENDS_SOON


@pytest.mark.parametrize("days", [-1, 90])
def test_a_certificate_that_a_browser_warns_of_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """One is expired though trusted, the other is trusted by nobody."""
    now = machine_now()
    pem = written(tmp_path, now + timedelta(days=days))
    if days < 0:
        trust(pem, monkeypatch)

    with site(pem) as url, pytest.raises(Refusal) as refusal:
        certificate.look(url, now=now)

    assert refusal.value.reason is certificate.NOT_TRUSTED
    assert refusal.value.facts["url"] == url


def test_where_nobody_answers_or_no_tls_is_spoken_nothing_is_said() -> None:
    now = machine_now()

    assert certificate.look("https://127.0.0.1:1", now=now) is None
    assert certificate.look("http://127.0.0.1:8001", now=now) is None


def test_the_doctor_tells_of_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    city = demo_nodes.write(tmp_path)[0]
    pem = written(tmp_path, machine_now() + timedelta(days=3))
    trust(pem, monkeypatch)

    with site(pem) as url:
        text = city.read_text(encoding="utf-8")
        city.write_text(text.replace('url = "http://127.0.0.1:8001"', f'url = "{url}"', 1))
        code = cli.main(["doctor", str(city)])

    assert code == 1
    assert certificate.ENDS_SOON.message in capsys.readouterr().err
