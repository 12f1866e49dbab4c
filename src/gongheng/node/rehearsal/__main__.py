"""``python -m gongheng.node.rehearsal URL STATE PASSWORD``, as ``./start --once`` runs it."""

import sys
from pathlib import Path

from gongheng.node.rehearsal.once import main

if __name__ == "__main__":
    url, state, password = sys.argv[1:]
    sys.exit(main(city_url=url, state=Path(state), password=password))
