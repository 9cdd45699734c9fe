"""Addresses of documents. `/v/…/` is printed on paper and never changes."""

from django.urls import path

from certificates import asking_views, views

urlpatterns = [
    path("v/<str:token>/", views.verify_document, name="verify_document"),
    path("verify/", views.verify_lookup, name="verify_lookup"),
    path("api/v1/verify/<str:token>", views.verify_document_json, name="verify_document_json"),
    path("my/documents/<int:pk>/file/", views.document_download, name="document_download"),
    path("my/documents/<int:pk>/request/", asking_views.document_ask, name="document_ask"),
    path("my/document-requests/<int:pk>/take-back/", asking_views.document_take_back, name="document_take_back"),
]
