"""`make bench` (`ONLY=verification`): every measurement on SQLite, and on PostgreSQL if DATABASE_URL is set; one table.

Each runs in a scratch installation of its own. Exits non-zero when a ratio is below what is wanted.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, table

# Name → whether the database matters to it.
MEASUREMENTS = {
    "rendering": False,
    "issuing": False,
    "verification": True,
    "importing": True,
    "exporting": True,
    "score_sheet": True,
    "timetable": True,
    "likeness": True,
}
ROOT = Path(__file__).resolve().parent.parent


def scratch(folder: Path, database: str) -> dict[str, str]:
    """The environment of a fresh installation in the folder, set up as `make run` does it."""
    environment = os.environ | {"VAR": str(folder), "DEMO": "0", "PORT": "8000"}
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    if database == "PostgreSQL":
        name = f"bench_{folder.name.replace('-', '_').lower()}"
        address = os.environ["DATABASE_URL"]
        subprocess.run(["psql", "-q", address, "-c", f'CREATE DATABASE "{name}"'], check=True)
        environment["DATABASE_URL"] = address.rpartition("/")[0] + f"/{name}"
    made = Path(os.environ.get("VAR", ROOT / "var" / "test"))
    if (made / "assets.stamp").exists():
        shutil.copytree(made / "assets", folder / "assets")
        shutil.copy(made / "assets.stamp", folder)
    subprocess.run(
        [sys.executable, "manage.py", "run_course", "--prepare-only"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return environment


def measure(name: str, database: str) -> Iterator[Row]:
    """The rows of one measurement on one database."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = scratch(Path(folder), database)
        command = [sys.executable, "-m", "bench.one", name]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or []:
                yield Row(**json.loads(line))
        if process.returncode:
            sys.exit(f"The measurement {name} on {database} failed.")


def main() -> int:
    """Measure, print the table, say what was missed."""
    databases = ["SQLite", "PostgreSQL"] if "DATABASE_URL" in os.environ else ["SQLite"]
    only = os.environ.get("ONLY", "").split() or list(MEASUREMENTS)
    rows: list[tuple[str, Row]] = []
    for name in only:
        for database in databases if MEASUREMENTS[name] else databases[:1]:
            for row in measure(name, database):
                rows.append((database if MEASUREMENTS[name] else "", row))
                print(f"{database}: {row.what}: {row.ratio:.2f}", file=sys.stderr, flush=True)
    print(table(rows))
    missed = [row.what for _, row in rows if not row.reached]
    if missed:
        print("Missed: " + "; ".join(missed))
    return len(missed) > 0


if __name__ == "__main__":
    sys.exit(main())
