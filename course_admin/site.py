"""The admin panel: Django's own with our name, our sign-in and the day's work on its front page."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class CourseAdminSite(AdminSite):
    site_header = _("Course administration")
    site_title = _("Course administration")
    index_title = _("Today")
    site_url = "/"
    enable_nav_sidebar = True
    index_template = "admin/index.html"
    login = secure_admin_login(AdminSite.login)
