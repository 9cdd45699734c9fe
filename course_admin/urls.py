"""Every address of the application. Who may open which stands in `accounts.policy`."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from course_admin import errors, health, home
from course_admin.people import my_pages

urlpatterns = [
    path("", include("certificates.urls")),  # first: addresses are tried in turn, and this is what the public asks for
    path("", home.home, name="home"),
    path("start/", home.landing, name="landing"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript_catalogue"),
    path("trainer/", home.trainer_home, name="trainer_home"),
    path("my/", home.my_course, name="my_course"),
    path("my/data/", my_pages.my_data, name="my_data"),
    path("my/data/export/", my_pages.my_data_export, name="my_data_export"),
    path("accounts/", include("accounts.urls")),
    path("", include("programs.urls")),
    path("", include("enrollment.urls")),
    path("", include("enrollment.timetabling.urls")),
    path("", include("assessment.urls")),
    path("", include("postcourse.urls")),
    path("admin/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
