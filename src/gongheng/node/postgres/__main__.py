"""``python -m gongheng.node.postgres COMMAND ...``: run a command with a throw-away server.

The command finds it in ``DATABASE_URL``; server and data are gone afterwards. For tests only: the
server does not wait for the disk.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.node import processes
from gongheng.node.postgres.server import Server
from gongheng.node.say import explain, say


def main(command: list[str]) -> int:
    """Run the command and return its exit code."""
    folder = Path(tempfile.mkdtemp(prefix="gongheng-postgres-"))
    folder.chmod(0o711)  # the server's account passes through; it sees only its own
    server = Server(folder / "server", durable=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        server.start()
        environment = os.environ | {"DATABASE_URL": server.url("postgres")}
        with subprocess.Popen(  # noqa: S603  the caller's own command
            command,
            env=environment,
            preexec_fn=lambda: processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads
        ) as process:
            return process.wait()
    except Refusal as refusal:
        say(explain(refusal))
        return 3
    except KeyboardInterrupt:
        return 130
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
