"""The Celery application: worker and beat read their settings from Django's."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")
TRANSPORT_ALIASES["folder"] = "course_admin.folder_queue:Transport"

app = Celery("course_admin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
