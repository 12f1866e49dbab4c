"""What the verification of an application finds: the connector's answer, names that look alike."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from gongheng.registers.subjects import connector, content, queries, rules
from gongheng.registers.subjects.kinds import Purpose, SubjectKind, Weight
from gongheng.registers.subjects.models import Application, Subject
from gongheng.registers.subjects.rules import LIKENESS_WORDS, Entry, Finding


def looked_up(kind: SubjectKind, body: Mapping[str, str]) -> tuple[Entry | None, bool]:
    """Return what the business register has, and whether it could be asked.

    It is not asked about natural persons: their registration rests on the officer's look at papers.
    """
    if kind is SubjectKind.NATURAL_PERSON:
        return None, False
    return entry_of(body.get("LEGAL_CODE", ""))


def entry_of(code: str) -> tuple[Entry | None, bool]:
    """Return the entry of a credit code, and whether the business register could be asked."""
    try:
        return connector.register().look_up(code), True
    except connector.RegisterAway:
        return None, False


def findings(application: Application) -> list[Finding]:
    """Return everything that an officer has to see beside an application."""
    kind = SubjectKind(application.kind)
    found: list[Finding] = []
    if kind is not SubjectKind.NATURAL_PERSON:
        entry, was_asked = looked_up(kind, application.body)
        compared = rules.compared(application.body, entry, was_asked=was_asked)
        found += [_in_words(kind, each) for each in compared]
        found += _look_alikes(application)
    if application.purpose == Purpose.JOIN:
        found += _against_verified(application, kind)
    return found


def _in_words(kind: SubjectKind, finding: Finding) -> Finding:
    return replace(
        finding,
        claimed=content.words(kind, finding.field, finding.claimed),
        known=content.words(kind, finding.field, finding.known),
    )


def _look_alikes(application: Application) -> list[Finding]:
    core = rules.core_of(application.name)
    others = queries.names_like(core)
    with suppress(connector.RegisterAway):
        others += [(entry.code, entry.name) for entry in connector.register().named_like(core)]
    alike = rules.look_alikes(application.name, others, besides=application.code)
    return [
        Finding(
            "LEGAL_NAME",
            "相近名称",
            application.name,
            f"{name}（{code}）",
            Weight.DOUBT,
            f"{LIKENESS_WORDS[like]}，请核对是否为同一主体或有意仿冒。",
        )
        for code, name, like in alike
    ]


def _against_verified(application: Application, kind: SubjectKind) -> list[Finding]:
    """Compare who asks for an account of a verified subject with what is verified of it."""
    subject = Subject.objects.filter(code=application.code).first()
    version = subject and subject.versions.filter(number=subject.version).first()
    if not version:
        return []
    return [
        Finding(
            row["field"],
            row["label"],
            content.words(kind, row["field"], row["new"]),
            content.words(kind, row["field"], row["old"]),
            Weight.NOTE,
            "与主体库已核验的信息不一致；通过后以主体库为准，不作变更。",
        )
        for row in rules.differences(version.body, application.body, content.labels(kind))
    ]
