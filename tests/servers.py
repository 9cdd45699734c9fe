"""`python -m tests.servers COMMAND…`: runs a command beside a PostgreSQL and a Redis of its own.

Both live in a temporary folder, listen on loopback only, and are gone when the command ends. The command finds them by
DATABASE_URL and REDIS_URL. The database trades safety for speed (no fsync): nothing in it outlives the command.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PATIENCE = 30  # seconds for a server to come up, or to go
INSTALL = "sudo apt-get install postgresql redis-server"


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name: str) -> str:
    """The path of a server's program; stops with the command that installs it when there is none."""
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        sys.exit(f"{name} is missing. Install it: {INSTALL}")
    return found


# A server goes with the process that started it, even when that one is killed.
TOGETHER = ["setpriv", "--pdeathsig=INT"]
# PostgreSQL refuses to run as root, so root hands it to the user `postgres`.
AS_POSTGRES = [*TOGETHER, *(["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else [])]


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when somebody answers on the port; stop with the server's log when it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"A server did not start:\n{log.read_text()}")


@contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[None]:
    """Run a server while the block runs."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        try:
            wait_for_port(port, process, log)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # both stop at once on it, without waiting for clients
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True)
class Server:
    """What starts a server, where it listens, and how it is reached."""

    command: list[str]
    port: int
    address: str


def cluster(folder: Path, *, durable: bool = False) -> Server:
    """Make a PostgreSQL cluster in the folder; what is committed outlives its being killed only if it is `durable`."""
    home = folder / "postgresql"
    home.mkdir()
    password = secrets.token_hex(16)
    (home / "password").write_text(password)
    if os.getuid() == 0:
        folder.chmod(0o711)
        shutil.chown(home, "postgres")
        shutil.chown(home / "password", "postgres")
    data = home / "data"
    options = ["--username=course", f"--pwfile={home / 'password'}", "--auth=scram-sha-256"]
    make = [
        *AS_POSTGRES,
        program("initdb"),
        f"--pgdata={data}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        *options,
    ]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": home,
        "max_connections": 100,
    }
    if not durable:
        settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
    chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    serve = [*AS_POSTGRES, program("postgres"), "-D", str(data), *chosen]
    return Server(serve, port, f"postgres://course:{password}@127.0.0.1:{port}/postgres")


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster in the folder; gives its DATABASE_URL."""
    made = cluster(folder)
    with serving(made.command, made.port, folder / "postgresql.log"):
        yield made.address


def store(folder: Path) -> Server:
    """A Redis without a file."""
    port = free_port()
    command = [
        *TOGETHER,
        program("redis-server"),
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    return Server(command, port, f"redis://127.0.0.1:{port}/0")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis without a file; gives its REDIS_URL."""
    made = store(folder)
    with serving(made.command, made.port, folder / "redis.log"):
        yield made.address


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run the command beside both servers; its exit code."""
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="course-servers-", ignore_cleanup_errors=True))
        )
        started = time.monotonic()
        addresses = {
            "DATABASE_URL": stack.enter_context(postgresql(folder)),
            "REDIS_URL": stack.enter_context(redis(folder)),
        }
        print(f"PostgreSQL and Redis are up after {time.monotonic() - started:.1f} s.", flush=True)
        return subprocess.run(command, env=os.environ | addresses, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
