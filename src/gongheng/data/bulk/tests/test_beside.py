"""Rules that look at other records, in bulk and record by record: planted errors are found, no others."""

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk.beside import asked_of, named_by
from gongheng.data.bulk.outcome import Outcome
from gongheng.data.bulk.tests.cases import Files, Finding, Plain, planted, right_case, right_record
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry, samples
from gongheng.data.standard.rules import context_rules_of
from gongheng.data.standard.tests.test_generated import NEAR_MISSES
from gongheng.data.standard.tests.test_rule_table import BROKEN

pytestmark = pytest.mark.slow


def written(folder: Path, files: Files) -> tuple[Path, ...]:
    paths = []
    for dataset, bodies in files.items():
        path = folder / f"{dataset}.jsonl"
        lines = (json.dumps(body, ensure_ascii=False) for body in bodies)
        path.write_text("\n".join(lines), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def across(dataset: str) -> set[str]:
    rules = {f"std.{rule.rule.kind}.{rule.rule.id}" for rule in context_rules_of(dataset)}
    return rules | {"std.duplicate", "std.parent_missing"}


def judged(folder: Path, files: Files, kernel: str = "") -> tuple[Outcome, set[Finding]]:
    """Return what bulk finds across records."""
    folder.mkdir(exist_ok=True)
    errors = folder / "errors.parquet"
    outcome = validate(Wish(paths=written(folder, files), errors=errors, kernel=kernel))
    rows = pq.read_table(errors).select(["dataset", "row", "rule"]).to_pylist()
    found = [(row["dataset"], row["row"], row["rule"]) for row in rows]
    kept = [finding for finding in found if finding[2] in across(finding[0])]
    assert len(kept) == len(set(kept))
    return outcome, set(kept)


@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.5)])
def test_what_is_planted_between_records_is_found_and_nothing_else(
    tmp_path: Path, seed: int, share: float
) -> None:
    files, key = planted(cases=60, share=share, seed=seed)

    _, found = judged(tmp_path, files)

    assert found == key
    assert set(Plain(files).found()) == key


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3, 13))
def test_what_is_planted_is_found_with_other_seeds(tmp_path: Path, seed: int) -> None:
    files, key = planted(cases=400, share=0.03 * seed, seed=seed)

    assert judged(tmp_path, files, "numpy" if seed % 2 else "")[1] == key


def test_the_example_of_every_rule_that_looks_at_other_records_breaks_it_in_bulk(
    tmp_path: Path,
) -> None:
    """Each example is a case of its own; what it breaks beside is what the plain judge says."""
    files: Files = {}
    by_rule = {rule.rule.id: rule for d in registry.datasets() for rule in context_rules_of(d.code)}
    examples = [example for example in BROKEN if example["rule"] in by_rule]
    for number, example in enumerate(examples, 1):
        changes = {**example["above"], example["dataset"]: example["record"]}
        case = right_case(number)
        above = registry.dataset(example["dataset"]).parent
        for dataset in {above, *named_by(by_rule[example["rule"]]), *changes} - {""}:
            case.setdefault(dataset, right_record(dataset, number))
        for dataset, change in changes.items():
            case[dataset] |= change
        for dataset, body in case.items():
            files.setdefault(dataset, []).append(body)
    wanted = {(example["dataset"], example["rule"]) for example in examples}

    _, found = judged(tmp_path, files)

    assert found == set(Plain(files).found())
    broken = {(dataset, rule.rpartition(".")[2]) for dataset, _, rule in found}
    assert wanted - broken == set()


def mixed(seed: int, cases: int) -> Files:
    """Return cases with near misses, absent and doubled records, several rows of one dataset."""
    chance = random.Random(seed)
    texts = [value for value in NEAR_MISSES if value is None or isinstance(value, str)]
    files: Files = {dataset: [] for dataset in right_case(0)}
    for number in range(cases):
        for dataset, body in right_case(number % (cases // 2)).items():
            for _ in range(chance.choice((0, 1, 1, 1, 2))):
                changes = {
                    chance.choice(sorted(body)): chance.choice(texts)
                    for _ in range(chance.choice((0, 0, 1, 2)))
                }
                files[dataset].append({**body, **changes})  # type: ignore[dict-item]
    return files


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.full)])
def test_any_files_are_judged_as_record_by_record(tmp_path: Path, seed: int) -> None:
    files = mixed(seed, cases=40 if seed == 1 else 400)

    assert judged(tmp_path, files)[1] == set(Plain(files).found())


def _gaps() -> set[frozenset[str]]:
    """Return the datasets that some rules name, where one on the way up to them is not among them."""
    found = set()
    for dataset in registry.datasets():
        for rule in context_rules_of(dataset.code):
            there = named_by(rule) | {dataset.code}
            asked = asked_of(dataset.code, there)
            if asked is not None and any(each.code not in there for each in asked.chain):
                found.add(there)
    return found


@pytest.mark.parametrize(
    "there", sorted(_gaps(), key=sorted), ids=lambda there: "+".join(sorted(there))
)
def test_files_with_a_step_left_out_are_judged_as_record_by_record(
    tmp_path: Path, there: frozenset[str]
) -> None:
    """A dataset between a record and what its rule looks at is not there: the case leads to it."""
    files, _ = planted(cases=8, share=0.6, seed=9)
    for number in range(4):
        for dataset in there - files.keys():
            files[dataset].append(right_record(dataset, number))
    some = {dataset: files[dataset] for dataset in sorted(there)}

    assert judged(tmp_path, some)[1] == set(Plain(some).found())


def test_what_is_no_text_is_given_but_unknown(tmp_path: Path) -> None:
    case = right_case(1)
    above = ("PROJECT", "TENDER_PROJECT", "TENDER_ANN_QUA_INQUERY_ANN")
    files: Files = {dataset: [case[dataset]] for dataset in above}
    notice = files["TENDER_ANN_QUA_INQUERY_ANN"][0]
    notice["TENDER_AGENCY_CODE"] = 5  # type: ignore[assignment]
    notice["NOTICE_SEND_TIME"] = ["x"]  # type: ignore[assignment]

    assert judged(tmp_path, files)[1] == set(Plain(files).found()) == set()


def test_bytes_that_are_no_text_are_unknown_to_rules(tmp_path: Path) -> None:
    case = right_case(1)
    columns = {
        code: pa.array([value.encode()], pa.binary()) for code, value in case["SECTION"].items()
    }
    columns["CREATE_TIME"] = pa.array([b"2026090\xff000000"], pa.binary())
    pq.write_table(pa.table(columns), tmp_path / "SECTION.parquet")
    (above,) = written(tmp_path, {"TENDER_PROJECT": [case["TENDER_PROJECT"]]})

    outcome = validate(Wish(paths=(above, tmp_path / "SECTION.parquet")))

    assert {key[1:] for key in outcome.tallies} == {("CREATE_TIME", "std.encoding")}


def test_rules_without_their_files_are_said_not_to_be_asked(tmp_path: Path) -> None:
    case = right_case(1)
    outcome, found = judged(tmp_path, {"WIN_RESULT_ANNO": [case["WIN_RESULT_ANNO"]]})

    assert found == set()
    assert any("TENDER_LIST" in said and "BID_OPENING_RECORD" in said for said in outcome.not_asked)


def test_a_broken_rule_shows_its_value_and_its_row(tmp_path: Path) -> None:
    case = right_case(1)
    files: Files = {d: [case[d]] for d in ("TENDER_ANN_QUA_INQUERY_ANN", "TENDER_LIST")}
    files["TENDER_LIST"].append({**files["TENDER_LIST"][0], "BIDDER_ORG_CODE": samples.firm(7)})
    files["TENDER_LIST"][1]["CHECKIN_TIME"] = "20261105100000"

    outcome, _ = judged(tmp_path, files)

    tally = outcome.tallies["TENDER_LIST", "CHECKIN_TIME", "std.order.TL-IN-TIME"]
    assert [(row, value) for _, row, value in tally.examples] == [(2, "20261105100000")]
