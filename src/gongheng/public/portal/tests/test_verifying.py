import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case, sign_log
from gongheng.trust.crypto.sm2 import PrivateKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof(visitor: Client) -> dict[str, Any]:
    notice = Case(3, at=NOW, name="五华区老旧小区改造").announce()
    sign_log(now=NOW)
    return json.loads(visitor.get(f"/notices/{notice.pk}/proof.json").content)


def pasted(visitor: Client, proof: object) -> str:
    text = proof if isinstance(proof, str) else json.dumps(proof, ensure_ascii=False)
    return visitor.post("/verify/", {"text": text}).content.decode()


def test_a_proof_holds_pasted_and_as_a_file(visitor: Client, proof: dict[str, Any]) -> None:
    file = SimpleUploadedFile("证明.json", json.dumps(proof).encode())

    assert "核验通过" in pasted(visitor, proof)
    assert "核验通过" in visitor.post("/verify/", {"file": file}).content.decode()


def test_one_changed_letter_is_found(visitor: Client, proof: dict[str, Any]) -> None:
    proof["record"]["public"]["NOTICE_NAME"] += "。"

    text = pasted(visitor, proof)

    assert "核验未通过" in text
    assert '核对公布内容：<span class="fails">不符' in text


def test_a_changed_time_beside_an_untouched_body_is_found(
    visitor: Client, proof: dict[str, Any]
) -> None:
    proof["record"]["columns"]["at"] = "2026-01-01T00:00:00+08:00"

    text = pasted(visitor, proof)

    assert "核验未通过" in text
    assert '核对时间、版本等项目：<span class="fails">不符' in text


def test_a_key_nobody_knows_is_not_believed(visitor: Client, proof: dict[str, Any]) -> None:
    proof["public_key"] = PrivateKey.generate().public.to_hex()

    assert "核验未通过" in pasted(visitor, proof)


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"format": 1}',
        "\ud800",
        "<script>alert(1)</script>",
        '{"record": {"id": 5}}',
    ],
    ids=["cut", "list", "null", "deep", "format", "surrogate", "script", "number"],
)
def test_nonsense_is_said_to_be_no_proof(visitor: Client, wrong: str) -> None:
    answer = visitor.post("/verify/", {"text": wrong.encode(errors="replace").decode()})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "核验未通过" in text
    assert "<script>" not in text


def test_nothing_sent_is_told(visitor: Client) -> None:
    answer = visitor.post("/verify/", {"text": " "})

    assert answer.status_code == 422
    assert "还没有选择文件" in answer.content.decode()


@pytest.mark.parametrize("named", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_notice_without_proof_is_told(visitor: Client, named: str) -> None:
    answer = visitor.get("/verify/", {"notice": named})

    assert answer.status_code == 422
    assert "没有找到这条公告的证明" in answer.content.decode()
