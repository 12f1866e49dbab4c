"""Tampering with records, lists, judgements and acts by SQL."""

import json
from datetime import timedelta
from random import Random
from typing import Any

from gongheng.data.records import queries as records
from gongheng.data.records.models import Act, Current, Judgement, Version
from tests.tampering.deeds import Deed, both, kind, one, operator, sql, two
from tests.tampering.house import House


def public_version(random: Random) -> Version:
    return one(Version.objects.filter(audience="public", judgements__state="accepted"), random)


def listed(random: Random) -> Current:
    return one(Current.objects.filter(is_notice=True, is_withdrawn=False), random)


def public_act(random: Random) -> Act:
    return one(Act.objects.filter(audience="public"), random)


# Records.


def body_changed(table: str, field: str, row: Any) -> None:
    name = next(iter(getattr(row, field)))
    sql(
        f"UPDATE {table} SET {field} = jsonb_set({field}, %s, %s) WHERE id = %s",  # noqa: S608
        [name],
        json.dumps("九千九百万元"),
        row.pk,
    )


@kind
def a_public_body_is_changed(_: House, random: Random) -> Deed:
    row = public_version(random)
    field = random.choice(sorted(records.public_body(row)))
    sql(
        "UPDATE records_version SET body = jsonb_set(body, %s, %s) WHERE id = %s",
        [field],
        json.dumps("改过的内容"),
        row.pk,
    )
    return both(str(row.pk))


@kind
def a_body_that_nobody_sees_is_changed(_: House, random: Random) -> Deed:
    row = one(Version.objects.filter(audience="parties", judgements__state="accepted"), random)
    body_changed("records_version", "body", row)
    return operator(str(row.pk))


@kind
def a_record_is_redated(_: House, random: Random) -> Deed:
    row = public_version(random)
    earlier = row.published_at - timedelta(minutes=random.randint(1, 10_000))
    sql("UPDATE records_version SET published_at = %s WHERE id = %s", earlier, row.pk)
    return both(str(row.pk))


@kind
def a_shown_column_is_changed(_: House, random: Random) -> Deed:
    row = public_version(random)
    column, value = random.choice(
        [
            ("number", row.number + 7),
            ("operation", "delete" if row.operation != "delete" else "insert"),
            ("origin", "110000"),
            ("case_code", "E9999990001000001001"),
            ("region_code", "110000"),
        ]
    )
    sql(f"UPDATE records_version SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return both(str(row.pk))


@kind
def an_inner_column_is_changed(_: House, random: Random) -> Deed:
    row = public_version(random)
    column, value = random.choice(
        [
            ("key", "another"),
            ("digest", "0" * 64),
            ("sender", "530000"),
            ("stays_here", not row.stays_here),
            ("received_at", row.received_at + timedelta(seconds=1)),
        ]
    )
    sql(f"UPDATE records_version SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return operator(str(row.pk))


@kind
def a_record_is_hidden(_: House, random: Random) -> Deed:
    row = public_version(random)
    if random.random() < 0.5:
        sql("UPDATE records_version SET audience = 'parties' WHERE id = %s", row.pk)
    else:
        later = row.published_at + timedelta(days=365)
        sql("UPDATE records_version SET not_before = %s WHERE id = %s", later, row.pk)
    return both(str(row.pk))


@kind
def a_salt_is_changed(_: House, random: Random) -> Deed:
    row = public_version(random)
    sql("UPDATE records_version SET salt = %s WHERE id = %s", random.randbytes(32), row.pk)
    return both(str(row.pk))


@kind
def a_record_is_deleted(_: House, random: Random) -> Deed:
    row = public_version(random)
    forget(row)
    return both(str(row.pk))


def forget(row: Version) -> None:
    sql("DELETE FROM records_current WHERE version_id = %s", row.pk)
    sql("DELETE FROM records_judgement WHERE version_id = %s", row.pk)
    sql("DELETE FROM records_version WHERE id = %s", row.pk)


@kind
def a_sealed_record_is_deleted(_: House, random: Random) -> Deed:
    row = one(Version.objects.filter(audience="parties", judgements__state="accepted"), random)
    forget(row)
    return operator(str(row.pk))


@kind
def a_record_is_inserted(_: House, random: Random) -> Deed:
    current = listed(random)
    row = current.version
    row.pk, row.number = None, 1
    row.key = current.key = f"made up {random.randrange(10**9)}"
    row.body = {**row.body, "NOTICE_NAME": "伪造的公告"}
    row.save(force_insert=True)
    Judgement.objects.create(version=row, state="accepted", judged_at=row.received_at)
    current.pk, current.version, current.title = None, row, "伪造的公告"
    current.save(force_insert=True)
    return both(str(row.pk))


@kind
def two_bodies_are_swapped(_: House, random: Random) -> Deed:
    first, second = two(Version.objects.filter(pk__in=standing()), random)
    for row, other in ((first, second), (second, first)):
        body = json.dumps(other.body)
        sql("UPDATE records_version SET body = %s::jsonb WHERE id = %s", body, row.pk)
    return both(str(first.pk), str(second.pk))


def standing() -> list[object]:
    rows = Current.objects.filter(is_notice=True, is_withdrawn=False)
    return list(rows.values_list("version", flat=True))


# What lists show.


@kind
def a_list_shows_otherwise(_: House, random: Random) -> Deed:
    row = listed(random)
    column, value = random.choice(
        [
            ("title", "另一个标题"),
            ("kind", "中标结果公告"),
            ("trade_type", "land"),
            ("region_code", "110000"),
            ("published_at", row.published_at - timedelta(days=random.randint(1, 99))),
        ]
    )
    sql(f"UPDATE records_current SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return Deed(public=(str(row.version_id),), operator=(str(row.pk),))


@kind
def a_notice_is_left_out_of_lists(_: House, random: Random) -> Deed:
    row = listed(random)
    sql(
        random.choice(
            [
                "UPDATE records_current SET is_withdrawn = true WHERE id = %s",
                "UPDATE records_current SET audience = 'parties' WHERE id = %s",
                "UPDATE records_current SET is_notice = false WHERE id = %s",
                "DELETE FROM records_current WHERE id = %s",
            ]
        ),
        row.pk,
    )
    return Deed(public=(str(row.version_id),), operator=("records_current",))


@kind
def an_old_version_is_shown_again(house: House, _: Random) -> Deed:
    old, new = Version.objects.filter(key=house.notices[1].key).order_by("number")
    sql("UPDATE records_current SET version_id = %s WHERE version_id = %s", old.pk, new.pk)
    return Deed(public=(str(old.pk), str(new.pk)), operator=("records_current",))


@kind
def a_withdrawn_notice_is_shown_again(house: House, _: Random) -> Deed:
    row = Current.objects.get(key=house.notices[3].key)
    sql("UPDATE records_current SET is_withdrawn = false WHERE id = %s", row.pk)
    return Deed(public=(str(row.version_id),), operator=(str(row.pk),))


# Judgements.


@kind
def an_acceptance_is_deleted(_: House, random: Random) -> Deed:
    row = public_version(random)
    sql("DELETE FROM records_judgement WHERE version_id = %s", row.pk)
    return both(str(row.pk))


@kind
def a_refusal_is_changed(_: House, random: Random) -> Deed:
    row = one(Judgement.objects.filter(state="refused"), random)
    sql("UPDATE records_judgement SET findings = '[]' WHERE id = %s", row.pk)
    return operator(str(row.version_id))


@kind
def what_was_refused_is_accepted(_: House, random: Random) -> Deed:
    row = one(Judgement.objects.filter(state="refused"), random)
    if random.random() < 0.5:
        sql("UPDATE records_judgement SET state = 'accepted' WHERE id = %s", row.pk)
    else:
        Judgement.objects.create(version=row.version, state="accepted", judged_at=row.judged_at)
    return operator(str(row.version_id))


# Acts.


@kind
def an_act_is_changed(_: House, random: Random) -> Deed:
    row = public_act(random)
    column, value = random.choice(
        [
            ("facts", json.dumps({"number": 99})),
            ("kind", "case.suspended"),
            ("actor_code", "915301000000000000"),
            ("case_code", "E9999990001000001001"),
            ("happened_at", row.happened_at - timedelta(minutes=random.randint(1, 999))),
        ]
    )
    sql(f"UPDATE records_act SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return both(str(row.pk))


@kind
def an_act_that_nobody_sees_is_changed(_: House, random: Random) -> Deed:
    row = one(Act.objects.exclude(audience="public"), random)
    sql("UPDATE records_act SET facts = '{\"round\": 9}' WHERE id = %s", row.pk)
    return operator(str(row.pk))


@kind
def an_act_is_deleted(_: House, random: Random) -> Deed:
    row = public_act(random)
    sql("DELETE FROM records_act WHERE id = %s", row.pk)
    return both(str(row.pk))


@kind
def an_act_is_inserted(_: House, random: Random) -> Deed:
    row = public_act(random)
    row.pk, row.kind = None, "case.made_up"
    row.save(force_insert=True)
    return both(str(row.pk))


@kind
def two_acts_are_swapped(_: House, random: Random) -> Deed:
    first, second = two(Act.objects.filter(audience="public"), random)
    for row, other in ((first, second), (second, first)):
        sql(
            "UPDATE records_act SET kind = %s, facts = %s::jsonb, happened_at = %s WHERE id = %s",
            f"{other.kind}.",
            json.dumps(other.facts),
            other.happened_at,
            row.pk,
        )
    return both(str(first.pk), str(second.pk))
