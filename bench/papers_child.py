"""`python -m bench.papers_child WAY COUNT`: makes papers in a process of its own, and says what they cost.

Standard input: {"snapshot": …, "key": path of a PKCS#12 file}. In one process the ways would disturb each other: every
font configuration stays in the font library's map and makes the next one slower.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def numbered(snapshot: dict[str, Any], number: int) -> dict[str, Any]:
    """Another person's certificate of the same cohort."""
    name = snapshot["holder"] | {"full": f"{snapshot['holder']['full']} {chr(0x410 + number % 30)}"}
    token = hashlib.sha256(str(number).encode()).hexdigest()[:32]
    address = f"https://kurs.example.kz/v/{token}/"
    return snapshot | {"number": f"SK-2026-{number:06}", "holder": name, "verification_url": address}


def main() -> None:
    """Warm up with three, then make COUNT; a JSON line with seconds, CPU seconds, and memory early and late."""
    import django

    django.setup()
    from bench import papers_ways

    way, count, asked = sys.argv[1], int(sys.argv[2]), json.load(sys.stdin)
    make = getattr(papers_ways, way)(asked["key"])
    for number in range(3):
        size = len(make(numbered(asked["snapshot"], number)))
    early = late = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        make(numbered(asked["snapshot"], 3 + number))
        if number == count // 10:
            early = resident()
    late = resident()
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "size": size}
    print(json.dumps(told | {"early": early, "late": late}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")
    main()
