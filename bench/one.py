"""`python -m bench.one NAME`: one measurement in this process's installation; its rows as JSON lines."""

import json
import os
import sys
from importlib import import_module

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")
    import django

    django.setup()
    for row in import_module(f"bench.{sys.argv[1]}").rows():
        print(json.dumps(row.as_json()), flush=True)
