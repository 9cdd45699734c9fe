"""The roof as Django sees it: its commands, and the admin site that it replaces Django's with."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CourseAdminConfig(AppConfig):
    name = "course_admin"


class SiteConfig(AdminConfig):
    """Django's admin, with our site in it."""

    default_site = "course_admin.site.CourseAdminSite"


class StaticConfig(StaticFilesConfig):
    """Django's static files, less what no page asks for: collecting takes a third of the time."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.ttf",  # fonts of papers
        *("bootstrap-*", "*.rtl.*", "*.esm.*", "bootstrap.css*", "bootstrap.js*", "bootstrap.min.js*", "bootstrap.bundle.js*"),
    ]
