"""Tampering with sealed bids, receipts, closings and the files on disk."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

from django.conf import settings

from gongheng.trading.bids import queries
from gongheng.trading.bids.models import Bid, BidReceipt, BlindedLeaf, ClosingStatement, Slot
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope.receipts import Receipt
from tests.tampering.deeds import Deed, kind, one, operator, sql, two
from tests.tampering.house import House


def any_bid(random: Random) -> Bid:
    return one(Bid.objects.all(), random)


def any_receipt(random: Random) -> BidReceipt:
    return one(BidReceipt.objects.all(), random)


def receipt_of(bid: Bid) -> str:
    return str(bid.receipts.get(deed="submitted").pk)


@kind
def a_bid_is_redated(_: House, random: Random) -> Deed:
    row = any_bid(random)
    earlier = row.completed_at - timedelta(minutes=random.randint(1, 59))
    sql("UPDATE bids_bid SET completed_at = %s WHERE id = %s", earlier, row.pk)
    return operator(receipt_of(row))


@kind
def a_bid_is_changed(_: House, random: Random) -> Deed:
    row = any_bid(random)
    column, value = random.choice(
        [
            ("bidder_code", "91530100MA6F999990"),
            ("bidder_name", "另一家公司"),
            ("envelope_digest", random.randbytes(32).hex()),
            ("size", row.size + 1),
            ("key", "04" + random.randbytes(64).hex()),
            ("account_id", "01a1fe63-0000-7000-8000-000000000001"),
            ("subject_version", "01a1fe63-0000-7000-8000-000000000002"),
        ]
    )
    sql(f"UPDATE bids_bid SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608  of our own
    return operator(receipt_of(row))


@kind
def the_state_of_a_bid_is_changed(_: House, random: Random) -> Deed:
    row = one(Bid.objects.filter(state="standing"), random)
    sql(
        "UPDATE bids_bid SET state = %s, ended_at = completed_at WHERE id = %s",
        random.choice(["withdrawn", "replaced"]),
        row.pk,
    )
    return operator("bids_closingstatement" if row.bidder.bids.count() == 0 else str(row.pk))


@kind
def a_withdrawn_bid_comes_back(_: House, __: Random) -> Deed:
    row = Bid.objects.get(state="withdrawn")
    sql("UPDATE bids_bid SET state = 'standing', ended_at = NULL WHERE id = %s", row.pk)
    return operator(str(row.pk))


@kind
def two_bids_are_swapped(_: House, random: Random) -> Deed:
    """The rows change their owners: each firm now has what the other handed in."""
    first, second = two(Bid.objects.filter(state="standing"), random)
    column = random.choice(["owner", "path", "envelope_digest"])
    if column == "owner":
        sql(
            "UPDATE bids_bid SET state = 'replaced', ended_at = completed_at WHERE id = %s",
            first.pk,
        )
    for row, other in ((second, first), (first, second)):
        if column == "owner":
            sql(
                "UPDATE bids_bid SET bidder_id = %s, bidder_code = %s, bidder_name = %s WHERE id = %s",
                other.bidder_id,
                other.bidder_code,
                other.bidder_name,
                row.pk,
            )
        else:
            value = getattr(other, column)
            sql(f"UPDATE bids_bid SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return operator(receipt_of(first), receipt_of(second))


@kind
def two_bids_are_swapped_with_their_receipts(_: House, random: Random) -> Deed:
    first, second = two(Bid.objects.filter(state="standing"), random)
    one_, other = (row.receipts.get(deed="submitted") for row in (first, second))
    sql("UPDATE bids_bidreceipt SET deed = 'moving' WHERE id = %s", one_.pk)
    sql("UPDATE bids_bidreceipt SET bid_id = %s WHERE id = %s", first.pk, other.pk)
    sql(
        "UPDATE bids_bidreceipt SET bid_id = %s, deed = 'submitted' WHERE id = %s",
        second.pk,
        one_.pk,
    )
    return operator(str(one_.pk), str(other.pk))


@kind
def a_bid_vanishes_with_all_its_rows(_: House, random: Random) -> Deed:
    """Bid, receipts and digests go, and the bidder's count goes down: only the roster knows."""
    row = any_bid(random)
    gone = [str(receipt.pk) for receipt in row.receipts.all()]
    sql(
        "DELETE FROM bids_blindedleaf WHERE receipt_id IN "
        "(SELECT id FROM bids_bidreceipt WHERE bid_id = %s)",
        row.pk,
    )
    sql("DELETE FROM bids_bidreceipt WHERE bid_id = %s", row.pk)
    sql("UPDATE bids_bidder SET deeds = deeds - %s WHERE id = %s", len(gone), row.bidder_id)
    sql("DELETE FROM bids_bid WHERE id = %s", row.pk)
    return operator(*gone)


@kind
def a_bid_is_slipped_in(_: House, random: Random) -> Deed:
    row = one(Bid.objects.filter(state="replaced"), random)
    row.pk = None
    row.completed_at -= timedelta(minutes=random.randint(1, 9))
    row.save(force_insert=True)
    return operator(str(row.pk))


@kind
def a_receipt_is_redated(_: House, random: Random) -> Deed:
    row = any_receipt(random)
    earlier = row.given_at - timedelta(minutes=random.randint(1, 59))
    if random.random() < 0.5:
        sql("UPDATE bids_bidreceipt SET given_at = %s WHERE id = %s", earlier, row.pk)
    else:
        body = json.dumps(row.body | {"facts": row.body["facts"] | {"completed_at": "x"}})
        sql("UPDATE bids_bidreceipt SET body = %s::jsonb WHERE id = %s", body, row.pk)
    return operator(str(row.pk))


@kind
def a_receipt_is_redated_and_signed_anew(_: House, random: Random) -> Deed:
    """With the platform's own key; bid and digest follow: only the log's slot knows better."""
    row = one(BidReceipt.objects.filter(deed="submitted", bid__state="standing"), random)
    earlier = row.given_at - timedelta(minutes=random.randint(1, 30))
    facts = replace(Receipt.of_json(row.body).facts, completed_at=earlier)
    key = PrivateKey.from_pem(settings.NODE.key_path.read_bytes())
    receipt = Receipt.make(facts, key)
    body = json.dumps(receipt.as_json())
    sql(
        "UPDATE bids_bidreceipt SET body = %s::jsonb, given_at = %s WHERE id = %s",
        body,
        earlier,
        row.pk,
    )
    sql("UPDATE bids_bid SET completed_at = %s WHERE id = %s", earlier, row.bid_id)
    sql("UPDATE bids_blindedleaf SET data = %s WHERE receipt_id = %s", receipt.leaf.hex(), row.pk)
    return operator(str(row.pk))


@kind
def a_receipt_is_deleted(_: House, random: Random) -> Deed:
    row = any_receipt(random)
    sql("DELETE FROM bids_blindedleaf WHERE receipt_id = %s", row.pk)
    sql("DELETE FROM bids_bidreceipt WHERE id = %s", row.pk)
    return operator(str(row.pk))


@kind
def two_receipts_are_swapped(_: House, random: Random) -> Deed:
    first, second = two(BidReceipt.objects.filter(deed="submitted"), random)
    for row, other in ((first, second), (second, first)):
        body = json.dumps(other.body)
        sql("UPDATE bids_bidreceipt SET body = %s::jsonb WHERE id = %s", body, row.pk)
    return operator(str(first.pk), str(second.pk))


@kind
def a_receipt_is_renumbered(_: House, random: Random) -> Deed:
    row = any_receipt(random)
    sql("UPDATE bids_bidreceipt SET number = number + 1 WHERE id = %s", row.pk)
    return operator(str(row.pk))


@kind
def a_digest_of_a_receipt_is_changed(_: House, random: Random) -> Deed:
    row = one(BlindedLeaf.objects.all(), random)
    data = random.randbytes(32).hex()
    sql("UPDATE bids_blindedleaf SET data = %s WHERE id = %s", data, row.pk)
    return operator(str(row.receipt_id))


@kind
def a_slot_is_changed(_: House, random: Random) -> Deed:
    row = one(Slot.objects.exclude(leaves=None).distinct(), random)
    if random.random() < 0.5:
        sql("UPDATE bids_slot SET root = %s WHERE id = %s", random.randbytes(32).hex(), row.pk)
    else:
        row.roster["receipts"].popitem()
        roster = json.dumps(row.roster)
        sql("UPDATE bids_slot SET roster = %s::jsonb WHERE id = %s", roster, row.pk)
    return operator(str(row.pk))


@kind
def a_slot_is_deleted(_: House, random: Random) -> Deed:
    row = one(Slot.objects.all(), random)
    sql("UPDATE bids_blindedleaf SET slot_id = NULL WHERE slot_id = %s", row.pk)
    sql("DELETE FROM bids_slot WHERE id = %s", row.pk)
    return operator(str(row.pk))


@kind
def a_closing_is_changed(_: House, random: Random) -> Deed:
    row = ClosingStatement.objects.get()
    column, value = random.choice(
        [
            ("count", row.count + 1),
            ("closed_at", row.closed_at - timedelta(minutes=5)),
            ("digest", random.randbytes(32).hex()),
        ]
    )
    sql(f"UPDATE bids_closingstatement SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return operator(str(row.pk))


@kind
def a_closing_lists_another_bid(_: House, random: Random) -> Deed:
    row = ClosingStatement.objects.get()
    row.body["envelopes"][random.randrange(row.count)] = random.randbytes(32).hex()
    body = json.dumps(row.body)
    sql("UPDATE bids_closingstatement SET body = %s::jsonb WHERE id = %s", body, row.pk)
    return operator(str(row.pk))


@kind
def a_closing_is_deleted(_: House, __: Random) -> Deed:
    sql("DELETE FROM bids_closingstatement")
    return operator("bids_closingstatement act")


@kind
def a_file_is_changed(house: House, random: Random) -> Deed:
    path = random.choice(house.files())
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)
    return operator(path.name)


@kind
def a_file_is_cut(house: House, random: Random) -> Deed:
    path = random.choice(house.files())
    path.write_bytes(path.read_bytes()[: -random.randint(1, 99)])
    return operator(path.name)


@kind
def a_file_is_deleted(house: House, random: Random) -> Deed:
    path = random.choice(house.files())
    path.unlink()
    return operator(path.name)


@kind
def two_files_are_swapped(house: House, random: Random) -> Deed:
    first, second = random.sample(house.files(), 2)
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    return operator(first.name, second.name)


@kind
def a_file_is_replaced_by_an_older_one(_: House, __: Random) -> Deed:
    old = Bid.objects.get(state="replaced")
    new = Bid.objects.get(state="standing", bidder=old.bidder)
    queries.path_of(new).write_bytes(queries.path_of(old).read_bytes())
    return operator(queries.path_of(new).name)
