"""Addresses of this floor."""

from django.urls import path

from assessment import chair_views, views

urlpatterns = [
    path("trainer/cohorts/<int:pk>/scores/", views.score_sheet, name="score_sheet"),
    path("trainer/cohorts/<int:pk>/scores/save/", views.score_save, name="score_save"),
    path("trainer/cohorts/<int:pk>/scores/changes/", views.score_changes, name="score_changes"),
    path("protocols/", chair_views.protocol_list, name="protocol_list"),
    path("protocols/<int:pk>/", chair_views.protocol_show, name="protocol_show"),
    path("protocols/<int:pk>/opinion/", chair_views.protocol_opinion, name="protocol_opinion"),
    path("protocols/<int:pk>/pdf/", chair_views.protocol_pdf, name="protocol_pdf"),
]
