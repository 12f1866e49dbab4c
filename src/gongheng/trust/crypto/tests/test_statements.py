import pytest

from gongheng.trust.crypto import sm2, statements

KEY = sm2.PrivateKey.generate()
LABEL = "gongheng/receipt/1"


def test_a_statement_is_read_as_it_was_signed() -> None:
    said = {"批次": "甲", "count": 3, "nested": {"b": [1, None], "a": True}}

    statement = statements.sign(LABEL, said, KEY)

    read = statements.read(LABEL, statement.payload, statement.signature, KEY.public)
    assert read == said


def test_a_statement_under_another_label_key_or_payload_is_forged() -> None:
    statement = statements.sign(LABEL, {"count": 3}, KEY)
    other = sm2.PrivateKey.generate().public
    payload, signature = statement.payload, statement.signature

    for label, body, mark, public in [
        ("gongheng/batch/1", payload, signature, KEY.public),
        (LABEL, payload.replace(b"3", b"4"), signature, KEY.public),
        (LABEL, payload, signature[:-1], KEY.public),
        (LABEL, payload, b"", KEY.public),
        (LABEL, payload, signature, other),
    ]:
        with pytest.raises(statements.ForgedStatement):
            statements.read(label, body, mark, public)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":2}',
        b'{"a":1.5}',
        b'{"a":"\\u4e00"}',
        b"[1]",
        b"null",
        b"",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_not_canonical_is_refused_even_when_rightly_signed(payload: bytes) -> None:
    signature = KEY.sign(LABEL.encode() + b"\n" + payload)

    with pytest.raises(statements.ForgedStatement) as refusal:
        statements.read(LABEL, payload, signature, KEY.public)

    assert refusal.value.reason is statements.FORGED


@pytest.mark.parametrize("label", ["", "two\nlines"])
def test_a_label_is_one_line(label: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        statements.sign(label, {}, KEY)
