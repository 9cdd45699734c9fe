"""Addresses of enrolment outside the admin panel."""

from django.urls import path

from enrollment import agreement_views, material_views, request_pages

urlpatterns = [
    path("my/ways/", request_pages.my_ways, name="my_ways"),
    path("my/ways/<int:pk>/<slug:way>/", request_pages.my_way_ask, name="my_way_ask"),
    path("my/requests/<int:pk>/papers/", request_pages.my_request_papers, name="my_request_papers"),
    path("my/requests/<int:pk>/take-back/", request_pages.my_request_take_back, name="my_request_take_back"),
    path("my/agreement/<int:pk>/", agreement_views.my_agreement, name="my_agreement"),
    path("my/agreement/<int:pk>/draft/", agreement_views.my_agreement_draft, name="my_agreement_draft"),
    path("agreements/<int:pk>/file/", agreement_views.agreement_download, name="agreement_download"),
    path("my/materials/", material_views.my_materials, name="my_materials"),
    path("trainer/materials/", material_views.trainer_materials, name="trainer_materials"),
    path("materials/<int:pk>/file/", material_views.material_download, name="material_download"),
]
