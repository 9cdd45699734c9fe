"""The WSGI entry point that gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")

database = settings.DATABASES["default"]
if database["ENGINE"] == "django.db.backends.postgresql" and settings.STATEMENT_SECONDS:
    # A page that waits for a lock, or for an overloaded database, ends with an answer: "cannot be checked now".
    database["OPTIONS"].setdefault("options", f"-c statement_timeout={settings.STATEMENT_SECONDS * 1000}")

application = get_wsgi_application()

from certificates.bases import refuse_contradiction  # noqa: E402 (Django has to be set up first)

refuse_contradiction()
