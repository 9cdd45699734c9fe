"""Addresses of this floor."""

from django.urls import path

from postcourse import views

urlpatterns = [
    path("trainer/consultations/", views.consultation_list, name="consultation_list"),
    path("trainer/consultations.ics", views.consultation_calendar, name="consultation_calendar"),
    path("trainer/consultations/confirm/", views.consultation_confirm_all, name="consultation_confirm_all"),
    path("trainer/consultations/<int:pk>/confirm/", views.consultation_confirm, name="consultation_confirm"),
    path("trainer/consultations/<int:pk>/move/", views.consultation_move, name="consultation_move"),
    path("trainer/consultations/<int:pk>/held/", views.consultation_held, name="consultation_held"),
    path("trainer/consultations/<int:pk>/missed/", views.consultation_missed, name="consultation_missed"),
    path("trainer/consultations/<int:pk>/cancel/", views.consultation_cancel, name="consultation_cancel"),
    path("my/consultations/", views.my_consultations, name="my_consultations"),
    path("my/consultations.ics", views.my_consultation_calendar, name="my_consultation_calendar"),
]
