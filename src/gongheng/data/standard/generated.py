"""One Python function per dataset that judges a record: made from the tables, once, when first asked.

The function asks each field a quick question that only a right value answers with yes; whatever else
comes is judged by ``reading``, so that the words of a finding have one source. Rules follow as plain
expressions over local variables, see ``emission``.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

from gongheng.data.standard import checks
from gongheng.data.standard.emission import Names, NotEmitted, emitted
from gongheng.data.standard.expressions import Facts, fields_of
from gongheng.data.standard.law_numbers import law_of
from gongheng.data.standard.reading import Plan, Reading, Step, plan_of, read_step, unknown_fields
from gongheng.data.standard.registry import Dataset, Field, code_list, dataset as find_dataset
from gongheng.data.standard.rules import CompiledRule, row_rules_of
from gongheng.data.standard.times import pattern_of
from gongheng.kernel.findings import Finding

Judge: TypeAlias = Callable[[Mapping[str, object], str], list[Finding]]

DAYS = ("NOTICE_SEND_TIME", "PUBLICITY_START_TIME", "DATA_TIMESTAMP")
"""Which field tells the day whose rules bind a record: that of publication, else of the row."""

_REMEMBERED, _LONGEST_REMEMBERED = 8192, 64


@cache
def judge_of(code: str, *, binds_local: bool) -> Judge:
    """Return what judges a record of a dataset by itself. Raises ``WrongExpression``."""
    return _Function(find_dataset(code), plan_of(code, binds_local=binds_local)).made()


class _Function:
    """The text of a function while it is written."""

    def __init__(self, dataset: Dataset, plan: Plan) -> None:
        self.dataset = dataset
        self.plan = plan
        self.names = Names({step.field.code: f"v{i}" for i, step in enumerate(plan.steps)})
        self.rules: list[str] = []
        for rule in row_rules_of(dataset.code):
            self.rules.extend(self._rule(rule))

    def made(self) -> Judge:
        """Return the function."""
        lines = ["def judge(body, record):", " get = body.get", " findings = []"]
        for number, step in enumerate(self.plan.steps):
            lines.extend(self._field(number, step))
        lines.append(" if not known(body):")
        lines.append("  findings.extend(unknown(plan, body, record))")
        if self.rules:
            days = " or ".join(self.names.variables[c] for c in DAYS if c in self.names.variables)
            lines.append(f" day = ({days or None} or '')[:8]")
        text = "\n".join([*lines, *self.rules, " return findings"])
        space: dict[str, Any] = {
            **self.names.constants,
            "plan": self.plan,
            "known": self.plan.known.issuperset,
            "unknown": unknown_fields,
            "slow": _slow,
            "facts": _facts,
        }
        # The text is ours: the tables give only constants, which are handed over by name.
        exec(compile(text, f"<judge of {self.dataset.code}>", "exec"), space)  # noqa: S102
        judge: Judge = space["judge"]
        return judge

    def _field(self, number: int, step: Step) -> list[str]:
        code, value = step.field.code, f"v{number}"
        flag = self.names.flags.get(code)
        named_step = self.names.constant(step)
        lines = [f" {value} = get({code!r})"]
        quick = _quick(step.field, value, self.names)
        absent = f"{value} is None" if step.required is None else ""
        if absent and flag is None:
            lines.append(f" if {absent}: pass")
            lines.append(f" elif {value}.__class__ is str and {quick}: pass")
        else:
            lines.append(f" if {value}.__class__ is str and {quick}:")
            lines.append(f"  {flag} = True" if flag else "  pass")
        lines.append(" else:")
        result = f"{value}, {flag}" if flag else f"{value}, _"
        lines.append(f"  {result} = slow({named_step}, {value}, body, record, findings)")
        return lines

    def _rule(self, rule: CompiledRule) -> list[str]:
        condition = self._condition(rule)
        if rule.is_dated:
            condition = f"{self.names.constant(rule.is_in_force)}(day) and {condition}"
        shown = self.names.variables.get(rule.field, "''")
        finding = self.names.constant(rule.finding)
        dataset = self.names.constant(self.dataset)
        value = f"{shown} or ''" if rule.field else "''"
        return [
            f" if {condition}:",
            f"  findings.append({finding}({dataset}, record=record, value={value}))",
        ]

    def _condition(self, rule: CompiledRule) -> str:
        try:
            _, is_false = emitted(rule.rule.assertion, self.names)
            if not rule.rule.when:
                return is_false
            is_true, _ = emitted(rule.rule.when, self.names)
        except NotEmitted:
            return self._by_closures(rule)
        return f"({is_true} and {is_false})"

    def _by_closures(self, rule: CompiledRule) -> str:
        names = sorted(fields_of(rule.rule.when) | fields_of(rule.rule.assertion))
        variables = [(code, self.names.variables[code]) for code in names]
        right = ", ".join(f"{code!r}: {variable}" for code, variable in variables)
        given = ", ".join(f"{code!r}: {self.names.flag(code)}" for code, _ in variables)
        broken = self.names.constant(rule.is_broken)
        return f"{broken}(facts({{{right}}}, {{{given}}}, day), day)"


def _slow(
    step: Step, value: object, body: Mapping[str, object], record: str, findings: list[Finding]
) -> tuple[str | None, bool]:
    """Judge a value at length; return its text if it is right, and whether it is given."""
    reading = Reading({}, set(), findings)
    read_step(step, value, body, record, reading)
    return reading.right.get(step.field.code), bool(reading.given)


def _facts(right: Mapping[str, str | None], given: Mapping[str, bool], day: str) -> Facts:
    known = {code: value for code, value in right.items() if value is not None}
    return Facts(known, {code for code, is_given in given.items() if is_given}, law_of(day), day)


def _quick(field: Field, value: str, names: Names) -> str:
    """Return what is true only of right values without any fault."""
    whole = _quick_part(field, value, names)
    return f"';' not in {value} and {whole}" if field.is_multiple else whole


def _quick_part(field: Field, value: str, names: Names) -> str:
    if field.type in {"date", "datetime"}:
        return f"{names.constant(re.compile(pattern_of(field.length.text)).fullmatch)}({value})"
    if field.code_list:
        return f"{value} in {names.constant(_quick_codes(field))}"
    if field.type in {"integer", "decimal"}:
        pattern = checks.number_pattern(field.length, is_signed=field.check == "signed")
        return f"{names.constant(re.compile(pattern).fullmatch)}({value})"
    check = checks.check_of(field)
    if field.check:
        remembered = lru_cache(_REMEMBERED)(lambda text, check=check: check(text) is None)
        fits = f"{value} and len({value}) <= {_LONGEST_REMEMBERED}"
        return f"{fits} and {_says_something(value)} and {names.constant(remembered)}({value})"
    size = field.length.size or checks.LONGEST_TEXT
    fits = f"len({value}) {'==' if field.length.is_exact else '<='} {size}"
    plain = f"({value}.isprintable() or {names.constant(_is_plain)}({value}))"
    return f"{value} and {fits} and {_says_something(value)} and {plain}"


def _says_something(value: str) -> str:
    """Return what is true only of texts that are not blank: the first character is not."""
    return f"{value}[0] > ' ' and {value}[0] != '\\u3000'"


def _quick_codes(field: Field) -> frozenset[str]:
    """Return the codes of a list that are right in this field, whatever else may be."""
    codes = checks.accepted_codes(code_list(field.code_list), field.length)
    check = checks.check_of(field)
    return frozenset(code for code in codes if check(code) is None)


def _is_plain(text: str) -> bool:
    """Tell whether a text prints, its line ends and indents apart."""
    return text.replace("\n", "").replace("\u3000", "").isprintable()
