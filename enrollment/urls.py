"""Addresses of this floor."""

from django.urls import path

from enrollment import request_pages

urlpatterns = [
    path("my/ways/", request_pages.my_ways, name="my_ways"),
    path("my/ways/<int:pk>/<slug:way>/", request_pages.my_way_ask, name="my_way_ask"),
    path("my/requests/<int:pk>/papers/", request_pages.my_request_papers, name="my_request_papers"),
    path("my/requests/<int:pk>/take-back/", request_pages.my_request_take_back, name="my_request_take_back"),
]
