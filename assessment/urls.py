"""Addresses of this floor."""

from django.urls import path

from assessment import views

urlpatterns = [
    path("trainer/cohorts/<int:pk>/scores/", views.score_sheet, name="score_sheet"),
    path("trainer/cohorts/<int:pk>/scores/save/", views.score_save, name="score_save"),
    path("trainer/cohorts/<int:pk>/scores/changes/", views.score_changes, name="score_changes"),
]
