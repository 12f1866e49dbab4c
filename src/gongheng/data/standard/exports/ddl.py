"""Tables of PostgreSQL (15 or later) that hold records as they are on the wire.

Values stay text, so nothing is lost or rounded; needed fields, lengths, numbers, times, code lists,
keys and parents are constraints. Check digits, conditions and the order in time are not, and neither
are references of fields that hold several parts. Blank values are stored as NULL.
"""

from collections.abc import Iterator

from gongheng.data.standard.checks import accepted_codes
from gongheng.data.standard.exports.xsd import MOST_IN_PATTERN
from gongheng.data.standard.reading import plan_of
from gongheng.data.standard.registry import (
    Dataset,
    Field,
    code_list,
    code_lists,
    dataset as find_dataset,
    datasets,
)
from gongheng.data.standard.schema import is_closed, part_pattern

_HEAD = """\
-- {title}
-- PostgreSQL 15 or later. Made by gongheng standard export; names are those of the wire.
-- CREATE SCHEMA standard; SET search_path = standard; \\i postgresql.sql
"""
_LONGEST_COLUMN = 2_000_000
_SAYS_SOMETHING = "[^ \t\r\n\u3000]"
_PART = "[^;]*[^; \t\r\n\u3000][^;]*"


def script() -> str:
    """Return the statements that make all tables, in an order in which they can be run."""
    parts = [_HEAD.format(title="公共资源交易数据标准"), *_code_tables()]
    parts.extend(_table(dataset) for dataset in datasets())
    parts.extend(_references())
    return "\n".join(parts)


def _code_tables() -> Iterator[str]:
    for codes in sorted(code_lists(), key=lambda each: each.name):
        known = _codes_used(codes.name)
        if not known or codes.is_open:
            continue
        rows = ",\n".join(
            f"  ({_text(code)}, {_text(codes.label(code))})" for code in sorted(known)
        )
        name = _name(_table_of(codes.name))
        yield (
            f"CREATE TABLE {name} (code text PRIMARY KEY, label text NOT NULL);\n"
            f"INSERT INTO {name} (code, label) VALUES\n{rows};\n"
        )


def _codes_used(name: str) -> set[str]:
    """Return the codes that any field with this list may hold."""
    fields = (field for dataset in datasets() for field in dataset.fields)
    lengths = {field.length for field in fields if field.code_list == name}
    return {code for length in lengths for code in accepted_codes(code_list(name), length)}


def _table_of(codes: str) -> str:
    return f"CODES_{codes}"


def _table(dataset: Dataset) -> str:
    needed = {step.field.code for step in plan_of(dataset.code).steps if step.required is not None}
    lines = [_column(field, is_needed=field.code in needed) for field in dataset.fields]
    key = ", ".join(map(_name, dataset.key))
    is_whole = needed.issuperset(dataset.key)
    # Of the parts of a key some may be blank; two rows with the same blanks are still the same row.
    lines.append(f"PRIMARY KEY ({key})" if is_whole else f"UNIQUE NULLS NOT DISTINCT ({key})")
    table = _name(dataset.code)
    notes = [f"COMMENT ON TABLE {table} IS {_text(dataset.name)};"]
    notes.extend(
        f"COMMENT ON COLUMN {table}.{_name(field.code)} IS {_text(field.label)};"
        for field in dataset.fields
    )
    body = ",\n  ".join(lines)
    return f"CREATE TABLE {table} (\n  {body}\n);\n" + "\n".join(notes) + "\n"


def _column(field: Field, *, is_needed: bool) -> str:
    size = field.length.size
    is_bounded = 0 < size < _LONGEST_COLUMN and not field.length.scale
    # A sign and a point stand beside the digits of a number; the pattern counts them.
    is_signed = field.check == "signed"
    parts = [_name(field.code), f"varchar({size + is_signed})" if is_bounded else "text"]
    if is_needed:
        parts.append("NOT NULL")
    if is_closed(field) and not field.is_multiple:
        parts.append(f"REFERENCES {_name(_table_of(field.code_list))}")
    else:
        check = _check(field)
        if check:
            parts.append(f"CHECK ({check})")
    return " ".join(parts)


def _check(field: Field) -> str:
    name = _name(field.code)
    part = part_pattern(field)
    if field.code_list and len(accepted_codes(code_list(field.code_list), field.length)) > (
        MOST_IN_PATTERN
    ):
        part = ""
    if field.is_multiple:
        part = part or _PART
        return f"{name} ~ {_text(f'^{part}(?:;{part})*$')}"
    if part:
        return f"{name} ~ {_text(f'^(?:{part})$')}"
    if field.length.is_exact:
        return f"length({name}) = {field.length.size}"
    return f"{name} ~ {_text(_SAYS_SOMETHING)}"


def _references() -> Iterator[str]:
    for dataset in datasets():
        if not dataset.parent or not dataset.parent_key:
            continue
        if any(dataset.field(code).is_multiple for code in dataset.parent_key):
            continue
        parent = find_dataset(dataset.parent)
        below = ", ".join(map(_name, dataset.parent_key))
        above = ", ".join(map(_name, parent.key))
        yield (
            f"ALTER TABLE {_name(dataset.code)} ADD FOREIGN KEY ({below})\n"
            f"  REFERENCES {_name(parent.code)} ({above}) DEFERRABLE INITIALLY IMMEDIATE;\n"
        )


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    quoted = text.replace("'", "''")
    if not any(character in text for character in "\\\t\r\n"):
        return f"'{quoted}'"
    for plain, written in (("\\", "\\\\"), ("\t", "\\t"), ("\r", "\\r"), ("\n", "\\n")):
        quoted = quoted.replace(plain, written)
    return f"E'{quoted}'"
