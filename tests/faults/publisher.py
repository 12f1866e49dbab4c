"""Publishes tenders on a node through its own actions, as its clerks' pages do, and says so.

Runs in the node's environment, with as many tenders under way at once as its one argument says.
Each line of standard input is the number of a tender; each line of standard output a version whose
transaction was committed. When the database goes away the same record is tried again, and what had
been committed without our hearing of it is recognised.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from gongheng.data.records import actions
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.records.reasons import ALREADY_THERE, NOT_THERE
from gongheng.data.standard import keys
from gongheng.kernel.reasons import Refusal
from gongheng.web.clock import legal_now
from tests.journeys import vendor_records

PATIENCE = 90.0
Record = dict[str, Any]


def main() -> None:
    at_once = int(sys.argv[1])
    # The pool of a node is as wide as its own programs need; twenty clerks need more.
    settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = at_once + 2
    print("ready", flush=True)
    with ThreadPoolExecutor(at_once) as clerks:
        deeds = [clerks.submit(_publish_tender, int(line)) for line in sys.stdin]
    for deed in deeds:
        deed.result()


def _publish_tender(serial: int) -> None:
    try:
        for record in _records(serial):
            version = _publish_surely(record)
            told = [version.dataset, version.key, version.number, version.digest]
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except Exception as error:
        print(f"tender {serial}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        raise
    finally:
        connections.close_all()


def _records(serial: int) -> list[Record]:
    """Return a tender's records; every second is corrected, every tenth withdrawn as well."""
    records = list(vendor_records.tender(serial, region="530100", town="昆明市"))
    if serial % 2 == 0:
        content = {"NOTICE_CONTENT": f"更正：第{serial}期的开标地点改为二楼。"}
        records.append(
            records[-1]
            | {"body": records[-1]["body"] | content, "number": 2, "operation": "update"}
        )
    if serial % 10 == 0:
        records.append(records[-1] | {"number": 3, "operation": "delete"})
    return records


def _publish_surely(record: Record) -> Version:
    """Publish, however often the database goes away or another clerk was quicker."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return _there_already(record) or _publish(record)
        except (DatabaseError, InterfaceError) as error:
            connections.close_all()
            if time.monotonic() > end:
                raise
            print(f"{type(error).__name__}: again", file=sys.stderr, flush=True)
            time.sleep(0.2)
        except Refusal as refusal:
            if refusal.reason not in {ALREADY_THERE, NOT_THERE} or time.monotonic() > end:
                raise


def _there_already(record: Record) -> Version | None:
    key = keys.key_of(record["dataset"], record["body"])
    return Version.objects.filter(
        dataset=record["dataset"], key=key, number=record["number"], sender=""
    ).first()


def _publish(record: Record) -> Version:
    dataset, body = record["dataset"], record["body"]
    if record["operation"] == "delete":
        key = keys.key_of(dataset, body)
        return actions.withdraw(dataset=dataset, key=key, now=legal_now())
    return actions.publish(
        dataset=dataset,
        body=body,
        audience=Audience.PUBLIC,
        operation=Operation(record["operation"]),
        now=legal_now(),
    )
