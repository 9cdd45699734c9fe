"""The roof as Django sees it: its commands, and the admin site that it replaces Django's with."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CourseAdminConfig(AppConfig):
    name = "course_admin"


class SiteConfig(AdminConfig):
    """Django's admin, with our site in it."""

    default_site = "course_admin.site.CourseAdminSite"
