from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.kernel.identifiers import uuid7
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions, queries
from gongheng.trust.ledger.models import Cursor, Leaf, Tile
from gongheng.trust.tlog import checkpoint as checkpoints, judge, proof, tree
from gongheng.trust.tlog.leaves import public_digest
from gongheng.trust.tlog.rows import Disclosure

Enter = Callable[..., Leaf]
ORIGIN = "gongheng/530100"


def sign(key: PrivateKey, *, now: datetime = DEMO_STARTS_AT) -> checkpoints.Checkpoint | None:
    signed = actions.sign_checkpoint(key=key, origin=ORIGIN, now=now)
    return checkpoints.open_note(signed.note, key.public) if signed else None


def expected_root(algorithm: str) -> bytes:
    frontier = tree.Frontier(algorithm)
    for leaf in Leaf.objects.filter(position__isnull=False).order_by("position"):
        frontier.append(bytes(leaf.data))
    return frontier.root()


@pytest.mark.django_db(transaction=True)
def test_a_leaf_is_entered_only_with_its_deed() -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        actions.enter(kind="record", subject_id=uuid7(), data=b"", region_code="530100")

    assert queries.waiting() == 0


@pytest.mark.django_db
def test_leaves_are_numbered_in_the_order_of_their_entry(enter: Enter) -> None:
    entered = [enter(b"%d" % number).pk for number in range(700)]

    counts = [actions.number(limit=300) for _ in range(4)]

    assert counts == [300, 300, 100, 0]
    assert [leaf.pk for leaf in queries.feed(0, 1000)] == entered
    assert [leaf.position for leaf in queries.feed(695, 3)] == [695, 696, 697]
    assert (queries.size(), queries.waiting()) == (700, 0)
    for algorithm in tree.ALGORITHMS:
        assert queries.root(algorithm, 700) == expected_root(algorithm)


@pytest.mark.django_db
def test_a_checkpoint_says_the_size_and_both_roots(enter: Enter, key: PrivateKey) -> None:
    for number in range(300):
        enter(b"%d" % number)
    actions.number()

    said = sign(key)

    assert said is not None
    assert (said.origin, said.size, said.made_at) == (ORIGIN, 300, DEMO_STARTS_AT)
    assert said.sha256 == expected_root("sha256")
    assert said.sm3 == expected_root("sm3")


@pytest.mark.django_db
def test_a_checkpoint_is_signed_when_it_says_something_new(enter: Enter, key: PrivateKey) -> None:
    assert sign(key) is None
    enter()
    assert sign(key) is None
    actions.number()
    first = sign(key)
    assert first is not None
    almost = DEMO_STARTS_AT + actions.FRESH - timedelta(microseconds=1)
    assert sign(key, now=almost) is None

    afresh = sign(key, now=DEMO_STARTS_AT + actions.FRESH)

    assert afresh is not None
    assert (afresh.size, afresh.sha256) == (first.size, first.sha256)
    assert queries.checkpoint_of(1) == queries.latest_checkpoint()
    enter()
    actions.number()
    grown = sign(key, now=DEMO_STARTS_AT + actions.FRESH)
    assert grown is not None
    assert grown.size == 2


@pytest.mark.django_db
def test_roots_that_contradict_the_last_checkpoint_are_never_signed(
    enter: Enter, key: PrivateKey
) -> None:
    for _ in range(2):
        enter()
        actions.number()
        sign(key)
    tile = Tile.objects.get(algorithm="sm3")
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()
    enter()
    actions.number()

    with pytest.raises(actions.BrokenHistory):
        sign(key)

    latest = queries.latest_checkpoint()
    assert latest is not None
    assert latest.size == 2


@pytest.mark.django_db
def test_every_later_log_is_shown_to_continue_the_earlier(enter: Enter, key: PrivateKey) -> None:
    said = []
    for batch in (1, 4, 300, 2):
        for _ in range(batch):
            enter(b"x")
        actions.number()
        said.append(sign(key))

    for old in said:
        for new in said[said.index(old) :]:
            assert old is not None
            assert new is not None
            proofs = queries.consistency(old.size, new.size)
            for algorithm in tree.ALGORITHMS:
                assert judge.is_continued(
                    algorithm,
                    old=old.size,
                    new=new.size,
                    old_root=old.root(algorithm),
                    new_root=new.root(algorithm),
                    proof=proofs[algorithm],
                )


@pytest.mark.django_db
def test_a_record_is_provable_from_the_first_checkpoint_over_it(
    enter: Enter, key: PrivateKey
) -> None:
    record, salt, body = uuid7(), b"salt", {"NOTICE_NAME": "滇池路改造工程"}
    claim = {"id": str(record), "public": public_digest(salt, body)}
    for number in range(270):
        enter(b"%d" % number)

    def proved() -> object:
        opened = Disclosure(salt, body)
        return queries.proof_of(subject_id=record, opened=opened, public=key.public)

    assert proved() is None
    enter(canonical(claim), record)
    assert proved() is None
    actions.number()
    assert proved() is None
    sign(key)
    first = proved()
    enter()
    actions.number()
    sign(key)

    assert all(step.ok for step in proof.verify_proof(first, key.public))
    assert proved() == first
    assert queries.positions_of([record, uuid7()]) == {record: 270}


@pytest.mark.django_db
def test_a_cursor_reads_on_where_it_left_off(enter: Enter) -> None:
    for _ in range(5):
        enter()
    actions.number()

    with actions.cursor("search") as first:
        assert [leaf.position for leaf in first.read(2)] == [0, 1]
    with actions.cursor("search") as second:
        assert [leaf.position for leaf in second.read(2)] == [2, 3]
        assert [leaf.position for leaf in second.read(2)] == [4]
        assert second.read(2) == []
    with actions.cursor("another") as other:
        assert len(other.read(100)) == 5
    assert queries.cursor_position("search") == 5
    assert queries.cursor_position("nobody") == 0


@pytest.mark.django_db
def test_a_cursor_stays_where_its_reader_failed(enter: Enter) -> None:
    enter()
    actions.number()

    def fail() -> None:
        with actions.cursor("search") as reader:
            reader.read(1)
            Cursor.objects.create(name="effect")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert queries.cursor_position("search") == 0
    assert not Cursor.objects.filter(name="effect").exists()


@pytest.mark.django_db
def test_a_deed_undone_leaves_no_leaf(enter: Enter) -> None:
    enter()
    with suppress(ZeroDivisionError), transaction.atomic():
        enter()
        raise ZeroDivisionError
    enter()

    assert actions.number() == 2
    assert [leaf.position for leaf in queries.feed(0, 10)] == [0, 1]
