"""All terms of this folder, found by themselves."""

import pkgutil
from datetime import date
from functools import cache
from importlib import import_module

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.term import Term

NOT_IN_FORCE = Reason(
    code="terms.not_in_force",
    message="该日期没有现行有效的规则数值。",
    remedy="请核对首次公告日期；如确需适用，请联系平台运维人员补录规则。",
)


@cache
def all_terms() -> tuple[Term, ...]:
    """Return every term, by rule, key and first day in force.

    Raises ``ValueError`` when two terms claim the same place.
    """
    package = import_module("gongheng.kernel.terms")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    modules = [import_module(f"{package.__name__}.{name}") for name in names if name != "tests"]
    found: dict[tuple[str, str, date], Term] = {}
    for term in (item for module in modules for item in vars(module).values()):
        if isinstance(term, Term):
            place = term.rule, term.key, term.in_force_from
            if found.setdefault(place, term) is not term:
                msg = f"two terms for {place}"
                raise ValueError(msg)
    return tuple(found[place] for place in sorted(found))


def in_force(rule: str, on: date, key: str = "") -> Term:
    """Return the term of a rule that binds a case whose first public notice is of that day.

    Raises ``Refusal`` (``NOT_IN_FORCE``) before the first version, ``KeyError`` for no such term.
    """
    versions = [term for term in all_terms() if (term.rule, term.key) == (rule, key)]
    if not versions:
        raise KeyError(f"{rule} {key}".strip())
    for term in versions:
        if term.is_in_force(on):
            return term
    raise Refusal(NOT_IN_FORCE, rule=rule, key=key, on=on)
