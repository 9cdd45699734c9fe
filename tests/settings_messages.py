"""The settings with the command that gathers translations, which only developers have."""

from course_admin.settings import *  # noqa: F403
from course_admin.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_extended_makemessages"]
