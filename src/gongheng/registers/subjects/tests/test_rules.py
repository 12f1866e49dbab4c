import pytest
from hypothesis import given, strategies as st

from gongheng.data.standard import samples
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import reasons, rules
from gongheng.registers.subjects.connector import LocalRegister
from gongheng.registers.subjects.kinds import SubjectKind, Weight
from gongheng.registers.subjects.rules import Likeness

NAMES = st.text(alphabet="云南昆明示例建工集团有限公司路桥市政(（）) ABCabc１２3", max_size=20)
CORES = st.text(alphabet="甲乙丙丁", max_size=8)


def _widened(text: str) -> str:
    """Return a text with its half-width signs and letters in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(NAMES)
def test_a_name_is_the_same_as_itself_in_any_width_and_case(name: str) -> None:
    assert rules.likeness(name, name) is Likeness.SAME
    assert rules.likeness(name, _widened(name)) is Likeness.SAME
    assert rules.likeness(name, f" {name.lower()} ") is Likeness.SAME


@given(NAMES, NAMES)
def test_likeness_is_mutual(one: str, other: str) -> None:
    assert rules.likeness(one, other) == rules.likeness(other, one)


@given(CORES, CORES, CORES)
def test_the_distance_of_names_is_a_distance(one: str, other: str, third: str) -> None:
    assert rules.distance(one, one) == 0
    assert rules.distance(one, other) == rules.distance(other, one)
    assert (rules.distance(one, other) == 0) == (one == other)
    assert rules.distance(one, third) <= rules.distance(one, other) + rules.distance(other, third)
    assert abs(len(one) - len(other)) <= rules.distance(one, other) <= max(len(one), len(other))


@given(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=4, max_size=10), st.data())
def test_one_changed_sign_of_a_long_core_is_near(core: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(core) - 1))

    other = f"{core[:place]}癸{core[place + 1 :]}"

    assert rules.likeness(f"云南{core}有限公司", f"云南{other}有限公司") is Likeness.NEAR


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("云南示例建工集团有限公司", "云南示列建工集团有限公司", Likeness.NEAR),
        ("云南示例建工集团有限公司", "昆明示例建工有限公司", Likeness.SAME_CORE),
        ("云南示例建工集团有限公司", "示例（云南）建工有限公司", Likeness.SAME_CORE),
        ("云南红土示例工程有限公司", "云南红土示例工程有限责任公司", Likeness.SAME_CORE),
        ("云南示例(建工)有限公司", "云南示例（建工）有限公司", Likeness.SAME),
        ("云南示例建工集团有限公司", "大理苍山示例建设有限公司", None),
        ("云南路桥有限公司", "云南市政有限公司", None),
        ("", "", Likeness.SAME),
    ],
)
def test_names_look_alike(one: str, other: str, expected: Likeness | None) -> None:
    assert rules.likeness(one, other) == expected


def test_the_traps_of_the_business_register_are_there() -> None:
    register = LocalRegister()
    entries = [register.look_up(samples.firm(number)) for number in range(1, 65)]
    known = [entry for entry in entries if entry is not None]

    assert len(known) == 40
    assert sum(entry.is_gone for entry in known) == 3
    assert sum(bool(entry.former_names) for entry in known) == 2
    assert {entry.kind for entry in known} == set(SubjectKind) - {SubjectKind.NATURAL_PERSON}


def test_a_wrong_representative_is_a_doubt_and_an_address_a_note() -> None:
    entry = LocalRegister().look_up(samples.firm(57))
    assert entry is not None
    body = {
        "LEGAL_NAME": entry.name,
        "LEGAL_REPRESENT": "别人",
        "LEGAL_UNIT_ADDRESS": "别处",
        "REG_CAPITAL": "1200.00",
    }

    found = {each.field: each.weight for each in rules.compared(body, entry, was_asked=True)}

    assert found["LEGAL_NAME"] is Weight.AGREES
    assert found["LEGAL_REPRESENT"] is Weight.DOUBT
    assert found["LEGAL_UNIT_ADDRESS"] is Weight.NOTE
    assert found["REG_CAPITAL"] is Weight.AGREES


@pytest.mark.parametrize("was_asked", [True, False])
def test_a_register_without_answer_is_a_doubt(was_asked: bool) -> None:  # noqa: FBT001  a case of the table
    [finding] = rules.compared({}, None, was_asked=was_asked)

    assert finding.weight is Weight.DOUBT


@pytest.mark.parametrize("name", ["\u202e司公限有程工例示", "示例\u200b工程有限公司"])
def test_a_name_that_reads_otherwise_than_it_is_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_visible({"LEGAL_CODE": "x", "LEGAL_NAME": name})

    assert refusal.value.reason is reasons.INVISIBLE
    assert refusal.value.facts["fields"] == ("LEGAL_NAME",)
    rules.require_visible({"LEGAL_NAME": "ᠮᠣᠩᠭᠣᠯ\u180b示例"})


@pytest.mark.parametrize("code", ["", "91530100MA6K00031", "530101181201010079", "I" * 18])
def test_a_wrong_code_is_refused_for_every_type(code: str) -> None:
    for kind in SubjectKind:
        with pytest.raises(Refusal) as refusal:
            rules.require_code(code, kind)
        is_person = kind is SubjectKind.NATURAL_PERSON
        expected = reasons.BAD_PERSON_CODE if is_person else reasons.BAD_CREDIT_CODE
        assert refusal.value.reason is expected
