"""A PostgreSQL of one's own: in a temporary folder, as a user that is not root, on a socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

PASSWORD = "p@ss:w/rd"
PATIENCE = 60


class Server(NamedTuple):
    """A server that runs: the folder of its socket, and who may connect."""

    socket: Path
    user: str = "tester"
    password: str = PASSWORD

    def url(self, database: str) -> str:
        secret = quote(self.password, safe="")
        return f"postgresql://{self.user}:{secret}@/{database}?host={self.socket}"


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def serving(bin_: Path) -> Iterator[Server]:
    """Make a cluster and serve it until the block ends."""
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # as root it refuses
        shutil.chown(home, "postgres", "postgres")
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
    data, secret = home / "data", home / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    words = ["-D", str(data), "-U", "tester", "-A", "scram-sha-256", "-E", "UTF8", "-N"]
    subprocess.run(
        [str(bin_ / "initdb"), *words, f"--pwfile={secret}"],
        check=True, capture_output=True, cwd=home, env=env, timeout=PATIENCE, **who,
    )  # fmt: skip
    options = f"-c listen_addresses='' -c fsync=off -k {home}"
    control = [str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-t", str(PATIENCE)]
    control += ["-l", str(home / "log")]

    def ask(*more: str) -> None:
        subprocess.run(
            [*control, *more], check=True, cwd=home, env=env, timeout=2 * PATIENCE,
            stdout=subprocess.DEVNULL, **who,
        )  # fmt: skip

    ask("-o", options, "start")
    try:
        yield Server(home)
    finally:
        ask("-m", "immediate", "stop")
        shutil.rmtree(home)
