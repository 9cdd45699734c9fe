"""The roof: settings, addresses, worker and the pages that gather all floors."""

from course_admin.celery import app as celery_app

__all__ = ["celery_app"]
