from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.trust.crypto import sm2
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.trust.tlog.checkpoint import Checkpoint, ForgedCheckpoint

KEY, OTHER = sm2.PrivateKey.generate(), sm2.PrivateKey.generate()
SAID = Checkpoint(
    origin="gongheng.example/530100",
    size=20852163,
    sha256=bytes(range(32)),
    sm3=bytes(range(32, 64)),
    made_at=DEMO_STARTS_AT,
)
NOTE = checkpoints.sign(SAID, KEY)


def test_a_note_reads_as_the_format_says() -> None:
    assert NOTE.startswith(
        "gongheng.example/530100\n20852163\n"
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
        "sm3 ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=\n"
        "time 2026-10-12T09:00:00+08:00\n\n"
        "— gongheng.example/530100 "
    )
    assert NOTE.endswith("\n")


def test_a_note_is_opened_with_the_key_that_signed_it() -> None:
    assert checkpoints.open_note(NOTE, KEY.public) == SAID
    assert SAID.root("sm3") == SAID.sm3
    with pytest.raises(ForgedCheckpoint):
        checkpoints.open_note(NOTE, OTHER.public)


def test_cosignatures_beside_ours_are_allowed() -> None:
    cosigned = NOTE + "— witness.example AAAAAAAA\n"

    assert checkpoints.open_note(cosigned, KEY.public) == SAID


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(NOTE) - 1), letter=st.characters(), doing=st.sampled_from("-+="))
def test_a_note_with_any_letter_changed_is_refused(place: int, letter: str, doing: str) -> None:
    before, after = NOTE[:place], NOTE[place:]
    changed = {
        "-": before + after[1:],
        "+": before + letter + after,
        "=": before + letter + after[1:],
    }[doing]

    if changed != NOTE:
        with pytest.raises(ForgedCheckpoint):
            checkpoints.open_note(changed, KEY.public)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, size=-1),
        replace(SAID, sm3=b"short"),
        replace(SAID, made_at=datetime(2026, 10, 12, tzinfo=UTC).replace(tzinfo=None)),
        replace(SAID, made_at=DEMO_STARTS_AT, origin="gongheng.example/other"),
    ],
    ids=["negative size", "short root", "time without zone", "another log"],
)
def test_a_rightly_signed_note_in_another_form_is_refused(other: Checkpoint) -> None:
    note = checkpoints.sign(other, KEY)
    if other.origin == SAID.origin:
        with pytest.raises(ForgedCheckpoint) as refusal:
            checkpoints.open_note(note, KEY.public)
        assert refusal.value.reason is checkpoints.FORGED
    else:
        assert checkpoints.open_note(note, KEY.public) != SAID


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\n"])
def test_a_log_has_a_name_that_a_note_can_carry(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        checkpoints.sign(replace(SAID, origin=name), KEY)


@pytest.mark.parametrize("note", ["", "\n\n", "a\n\n— a b\n", NOTE.rstrip(), "\ud800" + NOTE])
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(ForgedCheckpoint):
        checkpoints.read(note)
