"""Addresses of the timetable."""

from django.urls import path

from enrollment.timetabling import views

urlpatterns = [
    path("trainer/timetable/", views.trainer_timetable, name="trainer_timetable"),
    path("trainer/timetable.ics", views.trainer_calendar, name="trainer_calendar"),
    path("trainer/timetable/renew/", views.trainer_calendar_renew, name="trainer_calendar_renew"),
    path("trainer/cohorts/<int:pk>/timetable/", views.cohort_timetable, name="cohort_timetable"),
    path("trainer/cohorts/<int:pk>/timetable.<slug:ending>", views.cohort_timetable_file, name="cohort_timetable_file"),
    path("my/timetable/", views.my_timetable, name="my_timetable"),
    path("my/timetable.ics", views.my_calendar, name="my_calendar"),
    path("my/timetable/renew/", views.my_calendar_renew, name="my_calendar_renew"),
    path("calendar/<str:token>.ics", views.session_calendar, name="session_calendar"),
]
