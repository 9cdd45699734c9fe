"""Addresses of enrolment outside the admin panel; those of the timetable are in `enrollment.timetabling.urls`.

Addresses with a key stand in letters and are the applicant's only way in.
"""

from django.urls import path

from enrollment import (
    agreement_views,
    application_views,
    attendance_views,
    group_views,
    material_views,
    name_pages,
    request_pages,
)

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
    path("trainer/sessions/<int:pk>/attendance/", attendance_views.attendance_sheet, name="attendance_sheet"),
    path("trainer/sessions/<int:pk>/attendance/save/", attendance_views.attendance_save, name="attendance_save"),
    path(
        "trainer/sessions/<int:pk>/attendance/changes/",
        attendance_views.attendance_changes,
        name="attendance_changes",
    ),
    path("trainer/sessions/<int:pk>/code/", attendance_views.attendance_code, name="attendance_code"),
    path("trainer/cohorts/<int:pk>/attendance/", attendance_views.cohort_attendance, name="cohort_attendance"),
    path("trainer/cohorts/<int:pk>/journal.pdf", attendance_views.journal_pdf, name="journal_pdf"),
    path("trainer/cohorts/<int:pk>/journal.xlsx", attendance_views.journal_xlsx, name="journal_xlsx"),
    path("my/check-in/", attendance_views.check_in, name="check_in"),
    path("my/name/", name_pages.my_name, name="my_name"),
    path("my/name/confirm/", name_pages.my_name_confirm, name="my_name_confirm"),
    path("apply/", application_views.apply_list, name="apply_list"),
    path("apply/<slug:code>/", application_views.apply_form, name="apply_form"),
    path("apply/<slug:code>/sent/", application_views.apply_sent, name="apply_sent"),
    path("apply/<slug:code>/employer/", application_views.apply_employer, name="apply_employer"),
    path("apply/<slug:code>/list/", group_views.group_form, name="group_form"),
    path("apply/<slug:code>/list/listeners.xlsx", group_views.group_template, name="group_template"),
    path("application/<str:key>/", application_views.application_show, name="application"),
    path("application/<str:key>/confirm/", application_views.application_confirm, name="application_confirm"),
    path("application/<str:key>/take-back/", application_views.application_take_back, name="application_take_back"),
    path("group-application/<str:key>/", group_views.group_show, name="group_application"),
    path("group-application/<str:key>/confirm/", group_views.group_confirm, name="group_application_confirm"),
    path("group-application/<str:key>/discard/", group_views.group_discard, name="group_application_discard"),
]
