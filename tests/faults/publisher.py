"""Publishes tenders on a node through its own actions, as its clerks' pages would, and says so.

Runs in the node's environment. Each line of standard input is the number of a tender; each line of
standard output a version whose transaction was committed. When the database goes away the same
record is tried again, and what had been committed without our hearing of it is recognised.
"""

import json
import sys
import time
from typing import Any

import django

PATIENCE = 90.0


def main() -> None:
    django.setup()
    from tests.journeys import vendor_records

    print("ready", flush=True)
    for line in sys.stdin:
        serial = int(line)
        records = list(vendor_records.tender(serial, region="530100", town="昆明市"))
        notice = records[-1]
        correction = notice["body"] | {"NOTICE_CONTENT": f"更正：第{serial}期的开标地点改为二楼。"}
        if serial % 2 == 0:
            records.append(notice | {"body": correction, "number": 2, "operation": "update"})
        for record in records:
            _say(_publish_surely(record))
        if serial % 10 == 0:
            _say(_publish_surely(records[-1] | {"number": 3, "operation": "delete"}))


def _publish_surely(record: dict[str, Any]) -> Any:
    """Publish, however often the database goes away meanwhile."""
    from django.db import DatabaseError, InterfaceError, connections

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


def _there_already(record: dict[str, Any]) -> Any:
    from gongheng.data.records.models import Version
    from gongheng.data.standard import keys

    key = keys.key_of(record["dataset"], record["body"])
    return Version.objects.filter(
        dataset=record["dataset"], key=key, number=record["number"], sender=""
    ).first()


def _publish(record: dict[str, Any]) -> Any:
    from gongheng.data.records import actions
    from gongheng.data.records.kinds import Audience, Operation
    from gongheng.data.standard import keys
    from gongheng.web.clock import legal_now

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


def _say(version: Any) -> None:
    told = [version.dataset, version.key, version.number, version.digest]
    print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
