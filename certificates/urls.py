"""Addresses of documents. `/v/…/` is printed on paper and never changes."""

from django.urls import path

from certificates import api, asking_views, list_views, views

urlpatterns = [
    path("v/<str:token>/", views.verify_document, name="verify_document"),
    path("verify/", views.verify_lookup, name="verify_lookup"),
    path("verify/many/", list_views.verify_many, name="verify_many"),
    path("api/v1/verify/<str:token>", api.verify_document_json, name="verify_document_json"),
    path("api/v1/files/<str:sha256>", api.file_json, name="file_json"),
    path("api/v1/openapi.json", api.description_json, name="api_description"),
    path("api/<path:rest>", api.nothing_here, name="api_nothing"),
    path("my/documents/<int:pk>/file/", views.document_download, name="document_download"),
    path("my/documents/<int:pk>/request/", asking_views.document_ask, name="document_ask"),
    path("my/document-requests/<int:pk>/take-back/", asking_views.document_take_back, name="document_take_back"),
]
