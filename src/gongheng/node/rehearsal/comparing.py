"""What the three databases hold of a case, compared with what the people of the rehearsal did.

Every figure is read from each node's own database, not from a page and not through our code.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gongheng.node.secret_files import DATABASE_URL_FILE


@dataclass(frozen=True)
class Store:
    """The database of one node; ``folder`` is the node's."""

    tier: str
    folder: Path

    @contextmanager
    def _open(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        url = (self.folder / DATABASE_URL_FILE).read_text(encoding="utf-8").strip()
        with psycopg.connect(url, row_factory=dict_row) as connection:
            connection.read_only = True
            yield connection

    def rows(self, question: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows that answer a question."""
        with self._open() as connection:
            return connection.execute(question, values).fetchall()

    def value(self, question: str, **values: object) -> Any:  # noqa: ANN401  whatever the database holds
        """Return the single value that answers a question; None where there is no row."""
        found = self.rows(question, **values)
        return next(iter(found[0].values())) if found else None


@dataclass
class Comparison:
    """Figures that must agree, and what was found to differ."""

    stores: Sequence[Store]
    checked: int = 0
    differences: list[str] = field(default_factory=list)

    def equal(self, what: str, *, expected: object, found: Mapping[str, object]) -> None:
        """Compare a figure with what is found in each place."""
        for where, value in found.items():
            self.checked += 1
            if value != expected:
                self.differences.append(f"{what}（{where}）：应为 {expected}，实为 {value}")

    def records(self, case_code: str) -> dict[str, int]:
        """Compare the records of a case on all nodes, version by version; return their number.

        What a node may not receive (the audience of the parties) stays where it was made.
        """
        versions = {store.tier: self._versions(store, case_code) for store in self.stores}
        first, *above = self.stores
        exported = {
            name: facts
            for name, facts in versions[first.tier].items()
            if facts["audience"] != "parties"
        }
        for store in above:
            found = versions[store.tier]
            for name, facts in exported.items():
                self.equal(
                    f"记录 {name}",
                    expected=facts["digest"],
                    found={store.tier: found.get(name, {}).get("digest")},
                )
            for name in found.keys() - exported.keys():
                self.differences.append(f"记录 {name}（{store.tier}）：不应有")
        return {tier: len(found) for tier, found in versions.items()}

    def count(self, case_code: str, dataset: str, expected: int) -> None:
        """Compare how many versions of a dataset's records each node holds of a case."""
        for store in self.stores:
            found = sum(name.startswith(f"{dataset}/") for name in self._versions(store, case_code))
            self.equal(f"{dataset} 的记录数", expected=expected, found={store.tier: found})

    def bodies(self, case_code: str, dataset: str, expected: Sequence[Mapping[str, str]]) -> None:
        """Compare what the records of a dataset say of a case, row by row, in no order.

        Each expected row names the fields that are looked at; of a record its newest version counts.
        """
        for store in self.stores:
            found = store.rows(
                "SELECT DISTINCT ON (key) body FROM records_version WHERE dataset = %(dataset)s"
                " AND body->>'TENDER_PROJECT_CODE' = %(code)s ORDER BY key, number DESC",
                dataset=dataset,
                code=case_code,
            )
            self._alike(store, f"{dataset} 的内容", expected, [row["body"] for row in found])

    def acts(self, lot_code: str, kind: str, expected: Sequence[Mapping[str, str]]) -> None:
        """Compare what the acts of a kind say of a lot, act by act, where they were done."""
        centre = self.stores[0]
        found = centre.rows(
            "SELECT facts FROM records_act WHERE kind = %(kind)s AND case_code = %(code)s",
            kind=kind,
            code=lot_code,
        )
        self._alike(centre, f"{kind} 的内容", expected, [row["facts"] for row in found])

    def rooms(self, lot_code: str, expected: Sequence[Mapping[str, str]]) -> None:
        """Compare the rooms that a lot has at its centre."""
        centre = self.stores[0]
        found = centre.rows(
            "SELECT name AS room, purpose, to_char(starts_at AT TIME ZONE 'Asia/Shanghai', %(iso)s)"
            " AS starts_at, to_char(ends_at AT TIME ZONE 'Asia/Shanghai', %(iso)s) AS ends_at"
            " FROM venues_booking JOIN venues_room AS room ON room.id = room_id"
            " WHERE case_code = %(code)s AND released_at IS NULL",
            code=lot_code,
            iso='YYYY-MM-DD"T"HH24:MI:SS"+08:00"',
        )
        self._alike(centre, "预约的场地", expected, found)

    def seen(self, lot_code: str, expected: Sequence[Mapping[str, str]]) -> None:
        """Compare what witnesses wrote of a lot, besides their own coming, as the centre holds it."""
        centre = self.stores[0]
        found = centre.rows(
            "SELECT split_part(place, '（', 1) AS room, kind, person_name, person_role, words,"
            " file_digest, to_char(happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')"
            " AS happened_at FROM witness_entry JOIN witness_record AS record ON record.id = record_id"
            " JOIN cases_case AS lot ON lot.id = case_id"
            " WHERE lot.code = %(code)s AND kind <> 'witness'",
            code=lot_code,
        )
        self._alike(centre, "见证的内容", expected, found)

    def _alike(
        self,
        store: Store,
        what: str,
        expected: Sequence[Mapping[str, str]],
        found: Sequence[Mapping[str, Any]],
    ) -> None:
        """Compare rows in no order by the fields that each expected one names."""
        names = sorted(expected[0]) if expected else []
        wanted, told = (
            sorted([(name, str(row.get(name, ""))) for name in names] for row in rows)
            for rows in (expected, found)
        )
        self.equal(what, expected=wanted, found={store.tier: told})

    def _versions(self, store: Store, case_code: str) -> dict[str, dict[str, Any]]:
        found = store.rows(
            "SELECT dataset, key, number, digest, audience FROM records_version"
            " WHERE key LIKE %(like)s OR case_code = %(code)s OR body::text LIKE %(like)s",
            code=case_code,
            like=f"%{case_code}%",
        )
        return {f"{row['dataset']}/{row['key']}/{row['number']}": row for row in found}

    def deliveries(self) -> dict[str, int]:
        """Return what became of everything that was sent upwards, over all nodes."""
        told: dict[str, int] = {}
        for store in self.stores:
            for row in store.rows(
                "SELECT progress, count(*) AS number FROM exchange_delivery GROUP BY progress"
            ):
                told[row["progress"]] = told.get(row["progress"], 0) + row["number"]
        return told

    def leaves(self) -> dict[str, int]:
        """Compare each log with what must stand in it; return its length."""
        lengths: dict[str, int] = {}
        for store in self.stores:
            lengths[store.tier] = store.value("SELECT count(*) FROM ledger_leaf")
            for table in ("records_version", "records_act"):
                # Leaves of bids belong to no row: they are neither many nor few for who looks.
                without = store.value(
                    f"SELECT count(*) FROM {table} AS row WHERE NOT EXISTS"  # noqa: S608  a name of ours
                    " (SELECT 1 FROM ledger_leaf WHERE subject_id = row.id)"
                )
                self.equal(f"{table} 没有存证的行", expected=0, found={store.tier: without})
        return lengths
