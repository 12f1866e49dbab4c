"""``python -m gongheng.node.rehearsal URL STATE PASSWORD [WALK]``, as ``./start --once`` runs it."""

import sys
from pathlib import Path

from gongheng.node.rehearsal.failures import Failures
from gongheng.node.rehearsal.once import main
from gongheng.node.rehearsal.walk import County, Walk

WALKS = {"whole": Walk, "failures": Failures, "county": County}

if __name__ == "__main__":
    url, state, password, *which = sys.argv[1:]
    sys.exit(main(WALKS[which[0] if which else "whole"](url, password, Path(state))))
