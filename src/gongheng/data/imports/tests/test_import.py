import json
from pathlib import Path

import pytest

from gongheng.data.imports import actions, queries, reasons
from gongheng.data.imports.kinds import Category, Outcome
from gongheng.data.imports.models import File, Line
from gongheng.data.imports.tests.support import NOW, SOURCE, line, take, write
from gongheng.data.records import queries as records
from gongheng.data.records.models import Current, Judgement, Version
from gongheng.data.standard import history
from gongheng.kernel.reasons import Refusal
from gongheng.trust.ledger.models import Leaf

pytestmark = pytest.mark.django_db


def test_a_line_becomes_a_record_of_its_dataset_that_names_its_source(tmp_path: Path) -> None:
    take(write(tmp_path / "a.jsonl", [line(1)]))

    current = Current.objects.select_related("version").get()
    body = current.version.body
    assert current.dataset == "WIN_RESULT_ANNO"
    assert (current.source, current.region_code, current.trade_type) == (SOURCE, "530102", "works")
    assert current.kind == "中标结果公告"
    assert current.title == "第1号示例道路改造工程中标结果公告"
    assert current.published_at.isoformat() == "2026-03-16T01:34:00+00:00"
    assert body["WIN_BIDDER_NAME"] == "示例第1建设有限公司"
    assert (body["BID_AMOUNT"], body["PRICE_UNIT"]) == ("1001.5", "0")
    assert "<table>" in history.content_of(current.dataset, body)
    assert Leaf.objects.get().subject_id == current.version_id
    assert Judgement.objects.get().state == "accepted"
    assert records.notices(now=NOW).get() == current


def test_a_kind_without_a_dataset_is_kept_with_the_reason(tmp_path: Path) -> None:
    penalty = line(1, kind="penalty", trade_type="credit", published_at=None)

    take(write(tmp_path / "a.jsonl", [penalty]))

    current = Current.objects.select_related("version").get()
    assert current.dataset == history.DATASET
    assert current.version.body["HISTORY_REASON"] == history.NO_DATASET
    assert (current.kind, current.trade_type) == ("行政处罚", "other")
    assert current.published_at == history.UNKNOWN_DAY


def test_every_line_is_a_record_or_a_refusal_with_its_cause(tmp_path: Path) -> None:
    lines: list[object] = [
        line(1),
        b"{not json",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        line(2, id=None),
        line(3, title=" \x00 "),
        line(4, source=["x"]),
        line(5, title={"a": 1}),
        b"",
        line(6, region_code=530102, amount_yuan="NaN", parties=[1], fields="x", html=7),
    ]

    take(write(tmp_path / "a.jsonl", lines))

    assert Line.objects.count() == len(lines) == File.objects.get().done
    assert queries.counts(Line.objects.all()) == {
        "taken": 2,
        "imports.not_a_notice": 4,
        "imports.not_text": 1,
        "imports.no_identity": 2,
        "imports.no_title": 2,
    }
    assert Version.objects.count() == 2


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [line(number) for number in range(1, 8)])
    take(path)

    again = take(path)

    assert [step.done for step in again] == [7]
    assert Line.objects.count() == Version.objects.count() == Leaf.objects.count() == 7


def test_a_killed_import_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [line(number) for number in range(1, 8)])
    first = next(actions.import_notices(path, stays_here=True, now=NOW, batch=3))
    assert (first.done, File.objects.get().ended_at) == (3, None)

    take(path)

    assert [entry.number for entry in Line.objects.order_by("id")] == [1, 2, 3, 4, 5, 6, 7]
    assert File.objects.get().ended_at == NOW


def test_duplicates_are_recognised_within_a_file_and_across_files(tmp_path: Path) -> None:
    same_elsewhere = line(1, id="demo-9999", url="https://example.cn/other.html")
    take(write(tmp_path / "a.jsonl", [line(1), same_elsewhere, line(1)]))
    take(write(tmp_path / "b.jsonl", [line(1), line(1, title="另一标题"), same_elsewhere, line(2)]))

    entries = Line.objects.order_by("id")
    assert [(entry.outcome, entry.reason, entry.detail) for entry in entries] == [
        (Outcome.TAKEN, "", ""),
        (Outcome.REFUSED, reasons.DUPLICATE.code, "demo-0001"),
        (Outcome.REFUSED, reasons.KNOWN.code, "demo-0001"),
        (Outcome.REFUSED, reasons.KNOWN.code, "demo-0001"),
        (Outcome.REFUSED, reasons.OTHER_CONTENT.code, "demo-0001"),
        (Outcome.REFUSED, reasons.DUPLICATE.code, "demo-0001"),
        (Outcome.TAKEN, "", ""),
    ]


def test_history_stays_here_unless_it_is_sent(tmp_path: Path) -> None:
    take(write(tmp_path / "a.jsonl", [line(1)]))
    take(write(tmp_path / "b.jsonl", [line(2)]), stays_here=False)

    everything = list(Version.objects.values_list("pk", flat=True))
    sent = records.exportable_versions(everything)

    assert [version.key for version in sent] == [f"history/{SOURCE}/demo-0002"]
    travelling = records.envelope_of(Version.objects.get(pk=sent[0].pk))
    assert not [column for column in travelling.body if column.startswith("HISTORY_")]


def test_what_everybody_sees_is_clean_and_masked(tmp_path: Path) -> None:
    html = (
        "<h2>一、联系方式</h2><script>watermark('x')</script><p onclick='x()'>王工 138"
        "<b>0013</b>8000，邮箱 wang@example.cn</p><img src=x onerror=alert(1)>"
        "<table border=1><tr><td colspan='2'>证件 530102199001011234</td></tr></table>"
    )
    take(write(tmp_path / "a.jsonl", [line(1, html=html, title="电话13800138000的公告")]))

    version = Version.objects.get()
    content = history.content_of(version.dataset, version.body)
    assert content == (
        "<p><b>一、联系方式</b></p><p>王工 138<b>****</b>8000，邮箱 w***@example.cn</p>"
        '<table><tbody><tr><td colspan="2">证件 530*************34</td></tr></tbody></table>'
    )
    assert version.body[history.TITLE] == "电话138****8000的公告"
    assert "个人号码已遮盖" in version.body["HISTORY_NOTE"]
    assert records.public_body(version)["HISTORY_SOURCE"] == SOURCE


def test_candidates_keep_prices_that_are_no_numbers(tmp_path: Path) -> None:
    candidates = [
        {"order": 1, "name": "甲建设有限公司", "price_raw": "3312590.00", "price_yuan": 3312590.0},
        {"order": 2, "name": "乙建设有限公司", "price_raw": "下浮率20.50%", "price_yuan": None},
        {"order": 3, "name": "丙建设有限公司", "price_raw": "未提供"},
    ]
    notice = line(1, kind="candidate_publicity", parties={"candidates": candidates})
    notice |= {
        "title": "示例工程中标候选人公示",
        "fields": {"publicity_period": "2026年03月16日 09时30分至2026年03月20日 09时30分"},
    }

    take(write(tmp_path / "a.jsonl", [notice]))

    body = Version.objects.get().body
    kept = json.loads(body[history.CANDIDATES])
    assert [(one["kind"], one["value"], one["unit"]) for one in kept] == [
        ("sum", "3312590", "元"),
        ("discount", "20.5", "%"),
        ("", "", ""),
    ]
    assert body["SECOND_BIDDER_NAME"] == "乙建设有限公司"
    assert body["PUBLICITY_END_TIME"] == "20260320093000"


def test_what_stands_only_under_a_label_of_the_source_is_not_missing(tmp_path: Path) -> None:
    labelled = {"招标人": "示例局", "中标（成交）供应商名称": "甲公司", "中标价(%)": "97.95"}
    take(
        write(
            tmp_path / "a.jsonl",
            [line(1, parties={}, amount_raw="", amount_yuan=None, fields=labelled)],
        )
    )

    body = Version.objects.get().body
    assert (body["HISTORY_BUYER"], body["HISTORY_WINNER"]) == ("示例局", "甲公司")
    assert (body["HISTORY_AMOUNT_KIND"], body["HISTORY_AMOUNT_UNIT"]) == ("rate", "%")
    assert not {"imports.no_winner", "imports.no_amount"} & {
        fault["r"] for fault in Line.objects.get().faults
    }


def test_a_publicity_until_the_last_minute_of_a_day_lasts_the_whole_day(tmp_path: Path) -> None:
    fields = {"publicity_period": "2025年08月26日 16时00分至2025年08月29日 23时59分"}
    notice = line(1, kind="candidate_publicity", published_at="2025-08-26", fields=fields)

    take(write(tmp_path / "a.jsonl", [notice]))

    assert Version.objects.get().body["PUBLICITY_END_TIME"] == "20250829235959"
    assert "std.period.TA-ON-VIEW" not in {fault["r"] for fault in Line.objects.get().faults}


def test_an_impossible_day_among_the_facts_is_told_once(tmp_path: Path) -> None:
    fields = {
        "约定交地时间": "1901年01月02日",
        "约定竣工时间": "1901年01月02日",
        "有效时间": "90 日",
    }

    take(write(tmp_path / "a.jsonl", [line(1, fields=fields)]))

    found = {tally.rule: tally for tally in queries.tallies(SOURCE)}["imports.fact_time_unreadable"]
    assert (found.category, found.count) == (Category.WRONG, 1)
    assert found.examples[0].value == "约定交地时间 1901年01月02日"


def test_the_quality_page_counts_and_shows_examples(tmp_path: Path) -> None:
    lines = [
        line(1),
        line(2, amount_raw="0元 人民币"),
        line(3, published_at="1901-01-02"),
        line(4, published_at="2026-03-20"),
        line(5, parties={"winner": "地 址"}),
        b"{",
    ]
    take(write(tmp_path / "a.jsonl", lines))

    found = {tally.rule: tally for tally in queries.tallies(SOURCE)}

    zero = found["imports.amount_zero"]
    assert (zero.category, zero.count, zero.share) == (Category.WRONG, 1, 20)
    assert [(e.line.source_id, e.value) for e in zero.examples] == [("demo-0002", "0元 人民币")]
    assert found["imports.time_unreadable"].examples[0].value == "1901-01-02"
    assert found["imports.published_after_stated"].category is Category.LATE
    assert found["imports.winner_not_a_name"].examples[0].value == "地 址"
    assert [source.name for source in queries.sources()] == [SOURCE, ""]
    assert queries.refusals("")[0].count == 1


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        take(tmp_path / "none.jsonl")

    assert refusal.value.reason is reasons.NO_FILE
