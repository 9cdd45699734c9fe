"""The Celery application: worker and beat read their settings from Django's."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")

app = Celery("course_admin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
