"""What the worker does for this floor."""

import pytest
from celery import current_app
from django.conf import settings

from enrollment.tasks import tell_changes

pytestmark = pytest.mark.django_db


def test_tell_changes_is_swept_and_finds_nothing_to_do():
    tell_changes()
    assert settings.CELERY_BEAT_SCHEDULE["enrollment.tell_changes"]["task"] in current_app.tasks
