"""Addresses of this floor."""

from django.urls import path

from programs import views

urlpatterns = [path("programme/", views.programme, name="programme")]
