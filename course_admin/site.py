"""The admin panel: Django's own with our name, our sign-in and the day's work on its front page."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

LEFT_OUT = {"auth", "account", "mfa"}


class CourseAdminSite(AdminSite):
    site_header = _("Course administration")
    site_title = _("Course administration")
    index_title = _("Today")
    site_url = "/"
    final_catch_all_view = False  # every address has a name, by which the policy knows it

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register what people here work with; packages' own tables of groups and addresses are left out."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in LEFT_OUT]
        if ours:
            super().register(ours, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page, with its limits and second factor: lead there."""
        return secure_admin_login(super().login)(request, extra_context)

    def get_urls(self) -> list[Any]:
        """Adds the pages about people, which belong to no single register."""
        from course_admin.people.urls import urlpatterns

        return [*urlpatterns(self.admin_view), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page: Django's list of registers with the day's work above it."""
        from course_admin import today  # models are not loaded yet when Django imports the site

        return super().index(request, {"today": today.gather(request.user)} | (extra_context or {}))
