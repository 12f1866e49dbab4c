"""A proof of publication holds as it was made and in no other way."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.trust.crypto import sm2
from gongheng.trust.tlog import checkpoint as checkpoints, proof, tree
from gongheng.trust.tlog.__main__ import main
from gongheng.trust.tlog.leaves import public_digest
from gongheng.trust.tlog.rows import Disclosure

KEY, OTHER = sm2.PrivateKey.generate(), sm2.PrivateKey.generate()
RECORD = "0192d9a0-0000-7000-8000-000000000001"
BODY = {"NOTICE_NAME": "滇池路改造工程施工招标公告", "CONTROL_PRICE": "1200000.00"}
SALT = bytes(range(16))
COLUMNS: dict[str, str | int] = {
    "type": "record",
    "kind": "招标公告",
    "version": 1,
    "case": "E5301110001000001001",
    "at": "2026-10-12T09:00:00+08:00",
}
LEAF = canonical(
    {"v": 1, "id": RECORD, "public": public_digest(SALT, BODY), "full": "00", **COLUMNS}
)
POSITION, SIZE = 300, 777


class Held:
    def __init__(self) -> None:
        self.tiles: dict[tree.Place, bytes] = {}

    def read(self, places: Any) -> dict[tree.Place, bytes]:
        return {place: self.tiles[place] for place in places if place in self.tiles}


def document() -> dict[str, Any]:
    data = [LEAF if number == POSITION else b"%d" % number for number in range(SIZE)]
    roots, paths = {}, {}
    for algorithm in tree.ALGORITHMS:
        held = Held()
        hashes = [tree.leaf_hash(algorithm, leaf) for leaf in data]
        held.tiles.update(tree.append(algorithm, held, 0, hashes))
        roots[algorithm] = tree.root(algorithm, held, SIZE)
        paths[algorithm] = tree.inclusion(algorithm, held, POSITION, SIZE)
    said = checkpoints.Checkpoint(
        "gongheng/530100", SIZE, roots["sha256"], roots["sm3"], DEMO_STARTS_AT
    )
    return proof.document(
        record=RECORD,
        opened=Disclosure(SALT, BODY, COLUMNS),
        leaf=LEAF,
        inclusion=proof.Inclusion(POSITION, SIZE, paths),
        note=checkpoints.sign(said, KEY),
        public=KEY.public,
    )


PROOF = document()


def holds(candidate: object, key: sm2.PublicKey | None = KEY.public) -> bool:
    steps = proof.verify_proof(candidate, key)
    assert all(step.name and step.words for step in steps)
    return all(step.ok for step in steps)


def test_a_proof_holds_after_its_way_through_a_file() -> None:
    assert holds(json.loads(json.dumps(PROOF)))
    assert holds(PROOF, None)


def test_a_proof_by_another_key_does_not_hold() -> None:
    steps = proof.verify_proof(PROOF, OTHER.public)

    assert [step.name for step in steps if not step.ok] == ["核对签名公钥"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "2026-10-11T09:00:00+08:00"), ("version", 2), ("version", True), ("case", "")],
)
def test_a_column_changed_beside_an_untouched_body_is_told(column: str, value: object) -> None:
    changed = {**PROOF, "record": {**PROOF["record"], "columns": {**COLUMNS, column: value}}}

    wrong = [step for step in proof.verify_proof(changed, KEY.public) if not step.ok]

    assert [step.name for step in wrong] == ["核对时间、版本等项目"]
    assert COLUMNS["at"] in wrong[0].words


def test_a_proof_of_the_first_format_tells_what_its_leaf_has() -> None:
    record = {name: value for name, value in PROOF["record"].items() if name != "columns"}
    earlier = {**PROOF, "format": proof.WITHOUT_COLUMNS, "record": record}

    steps = proof.verify_proof(earlier, KEY.public)

    assert all(step.ok for step in steps)
    assert any("时间 2026-10-12 09:00:00，版本 1" in step.words for step in steps)
    assert not holds({**earlier, "format": proof.FORMAT})
    assert not holds({**PROOF, "format": proof.WITHOUT_COLUMNS})


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += places(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += places(item, (*path, index))
    return found


PLACES = places(PROOF)[1:]
OTHER_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)
)


def changed_text(data: st.DataObject, text: str) -> str:
    place = data.draw(st.integers(0, len(text)))
    letter = data.draw(st.sampled_from(["", "A", "a", "0", "=", " ", "\n", "中", "\ud800"]))
    return text[:place] + letter + text[place + data.draw(st.integers(0, 1)) :]


@settings(max_examples=400, deadline=None)
@given(data=st.data(), path=st.sampled_from(PLACES))
def test_a_proof_with_anything_changed_does_not_hold(
    data: st.DataObject, path: tuple[Any, ...]
) -> None:
    changed = copy.deepcopy(PROOF)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    value = parent[path[-1]]
    doing = data.draw(st.sampled_from(["remove", "replace", "change", "add"]))
    if doing == "remove":
        del parent[path[-1]]
    elif doing == "add" and isinstance(parent, list):
        parent.insert(path[-1], value)
    elif doing == "add":
        parent["another"] = "字段"
    elif doing == "change" and isinstance(value, str):
        parent[path[-1]] = changed_text(data, value)
    elif doing == "change" and isinstance(value, int):
        parent[path[-1]] = value + data.draw(st.sampled_from([-1, 1, 256]))
    else:
        parent[path[-1]] = data.draw(OTHER_VALUES)

    if json.dumps(changed) != json.dumps(PROOF):
        assert not holds(changed)


@settings(max_examples=60, deadline=None)
@given(st.recursive(OTHER_VALUES, lambda inner: st.dictionaries(st.text(), inner)))
def test_whatever_else_is_no_proof(candidate: object) -> None:
    assert not holds(candidate)


def test_a_body_nested_without_end_is_refused() -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    changed = {**PROOF, "record": {**PROOF["record"], "public": nested}}

    assert not holds(changed)


@pytest.mark.parametrize(
    ("content", "code"),
    [(json.dumps(PROOF), 0), (json.dumps({**PROOF, "format": "x"}), 1), ("{", 1)],
)
def test_the_command_judges_a_proof_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, code: int
) -> None:
    file = tmp_path / "proof.json"
    file.write_text(content)

    assert main([str(file), "--key", KEY.public.to_hex()]) == code
    assert ("未通过" in capsys.readouterr().out) == bool(code)


def test_the_command_refuses_a_path_or_key_that_is_none(tmp_path: Path) -> None:
    assert main([str(tmp_path / "missing.json")]) == 1
    assert main([str(tmp_path), "--key", "04"]) == 1


def test_the_verifier_runs_without_django_and_database_driver() -> None:
    program = (
        "import sys; import gongheng.trust.tlog.__main__;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg', 'httpx')])"
    )
    source = str(Path(proof.__file__).parents[3])

    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == "[]\n"
