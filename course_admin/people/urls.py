"""Addresses of the administrators' pages about people, within the admin panel."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from course_admin.people import pages


def urlpatterns(guarded: Callable[[Any], Any]) -> list[URLPattern]:
    """The pages, each behind the admin panel's own guard."""
    return [
        path("people/duplicates/", guarded(pages.duplicate_list), name="people_duplicates"),
        path("people/duplicates/<int:one>/<int:other>/", guarded(pages.merge), name="people_merge"),
        path("people/merges/<int:pk>/undo/", guarded(pages.unmerge), name="people_unmerge"),
        path("people/<int:pk>/export/", guarded(pages.export), name="people_export"),
        path("people/retention/", guarded(pages.retention_list), name="people_retention"),
        path("people/<int:pk>/erase/", guarded(pages.erase), name="people_erase"),
    ]
