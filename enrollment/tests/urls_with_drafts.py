"""The addresses with a page that drafts orders among them."""

from django.http import HttpResponse
from django.urls import include, path

from course_admin.urls import urlpatterns as all_of_them

drafts = ([path("order/draft/", lambda request: HttpResponse("draft"), name="enrollment_order_draft")], "admin")
urlpatterns = [path("admin/enrollment/", include(drafts, namespace="admin")), *all_of_them]
