"""A room is entered by its doors: what other rooms may import of it."""

import grimp

DOORS = {"actions", "queries", "kinds", "permissions"}
GROUPS = {"trust", "data", "registers", "trading", "public"}
PLAIN = {
    "gongheng.trust.crypto",
    "gongheng.trust.tlog",
    "gongheng.trust.envelope",
    "gongheng.data.standard",
}
"""Libraries rather than rooms: pure Python without tables, open to those above."""
FURTHER_DOORS = {
    "gongheng.trust.identity": {
        *("actors", "audit", "reading"),  # who is asking, and that it was written down
        *("proposed", "proposals"),  # what one officer proposes and another decides
        *("role_sets", "role_deciding"),  # role templates, which the registers bring to cities
        "chaining",  # the trail's hash chain, which is sealed in the log
        "telling",  # where the message centre says how people are reached
        *("counting", "sections"),  # codes that it sends are counted; the addresses on one's page
    },
    "gongheng.trust.ledger": {
        "models",  # a leaf is what its readers are given
        "examining",  # what a room says of its rows when they are compared with the log
    },
    # The wire, and who speaks on it: children ask the registers and have files judged by it, too.
    "gongheng.data.exchange": {"protocol", "stations", "hearing"},
    "gongheng.data.records": {"models", "receiving", "envelopes"},  # rows for readers; the exchange
    "gongheng.data.bulk": {
        "validating",  # whole files are judged, by whoever has one
        *("scheduling", "queueing"),  # and by whom: the node's jobs are one way of several
        *("keeping", "versions"),  # the record store's versions, as files for the bulk engine
    },
    "gongheng.registers.venues": {"forms", "models"},  # hours are asked for likewise; a booking
    # How lists of notices are asked for, what their rows say, where places are, text without markup,
    # what notices of one project share, and how many took part.
    "gongheng.public.search": {
        *("filters", "listing", "places", "regions", "plain"),
        *("texts", "words", "participation"),
    },
    # How a record, an imported notice, a plan and a source are said: the dossier says them likewise.
    "gongheng.public.portal": {"past", "plans", "presenting", "standing"},
    # The language of procedures, where rooms provide guards and second looks, steps' pages,
    # who must not bid, how who does is told, and whether a case is held.
    "gongheng.trading.cases": {
        "barring",
        "bidders",
        "common_steps",
        "declaration",
        "duties",
        "discovery",
        "facts",
        "gate",
        "guards",
        "holding",
        "step_pages",
        "views",
    },
    "gongheng.trading.bids": {
        *("api", "holder_work"),  # one door for the machines of the bodies
        "trail",  # what a firm does while bids are open is entered after their close
    },
    "gongheng.trading.documents": {
        "leaving"
    },  # what of them a notice brings out is reviewed with it
    "gongheng.trading.deposits": {"lapses"},  # where a later room tells whose bid lapsed
    "gongheng.trading.opening": {
        "objections",  # where a later room provides its reader
        "later",  # where the evaluation records the event that sealed parts wait for
    },
    "gongheng.trading.notices": {"letters"},  # the opening makes known whom a letter invited
    "gongheng.trading.award": {"forms"},  # the loss of a winner is told from the contract's page
    "gongheng.trading.projects": {"reports"},  # a later step's records repeat an earlier one's
}
"""What some rooms open beyond the usual, each with its reason."""


def _room(module: str) -> str | None:
    parts = module.split(".")
    is_in_room = len(parts) > 2 and parts[1] in GROUPS
    return ".".join(parts[:3]) if is_in_room else None


def _is_open(importer: str, imported: str, room: str) -> bool:
    if room in PLAIN or _room(importer) == room or importer.startswith("gongheng.node"):
        return True
    group = room.split(".")[1]
    parts = imported.split(".")
    if len(parts) < 4:
        return True
    doors = DOORS | FURTHER_DOORS.get(room, set())
    if importer.split(".")[1] == group:
        doors = doors | {"models"}
    return parts[3] in doors or parts[3] == "reasons"


def test_rooms_are_entered_only_by_their_doors() -> None:
    graph = grimp.build_graph("gongheng", cache_dir=None)
    closed = []
    for imported in sorted(graph.modules):
        room = _room(imported)
        if room is None:
            continue
        for importer in sorted(graph.find_modules_that_directly_import(imported)):
            if ".tests" not in importer and not _is_open(importer, imported, room):
                closed += [f"{importer} -> {imported}"]

    assert closed == [], "\n".join(closed)
