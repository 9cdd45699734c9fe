"""`python -m tests.demonstration`: what `make run` makes of the demonstration in VAR, then every invariant over it.

A worker catches up with what the demonstration left for it (R12), as it does for whoever looks at it.
"""

import os
import subprocess
import sys
import time

from tests.servers import TOGETHER, free_port

PATIENCE = 120  # seconds for the worker to catch up


def main() -> int:
    """Serve until every invariant holds, or PATIENCE is over; 0 when all hold and everything stopped cleanly."""
    environment = os.environ | {"DEMO": "1", "PORT": str(free_port())}
    manage = [sys.executable, "manage.py"]
    serving = subprocess.Popen([*TOGETHER, *manage, "run_course"], env=environment, start_new_session=True)
    end = time.monotonic() + PATIENCE
    while True:
        check = [*manage, "check_invariants"]
        done = subprocess.run(check, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0 or serving.poll() is not None or time.monotonic() > end:
            break
        time.sleep(3)
    serving.terminate()
    stopped = serving.wait(30)
    print(done.stdout, done.stderr, sep="", flush=True)
    return done.returncode or stopped


if __name__ == "__main__":
    sys.exit(main())
