"""Addresses of this floor."""

from django.urls import path

from assessment import (
    appeal_views,
    chair_views,
    defence_views,
    likeness_views,
    preview_views,
    queue_views,
    views,
    work_setting_views,
    work_views,
)
from assessment.statistics import views as statistics_views

urlpatterns = [
    path("trainer/cohorts/<int:pk>/scores/", views.score_sheet, name="score_sheet"),
    path("trainer/cohorts/<int:pk>/scores/save/", views.score_save, name="score_save"),
    path("trainer/cohorts/<int:pk>/scores/changes/", views.score_changes, name="score_changes"),
    path("trainer/cohorts/<int:pk>/scores/save-many/", views.score_save_many, name="score_save_many"),
    path("trainer/cohorts/<int:pk>/scores/<int:enrolment>/<int:criterion>/", views.score_history, name="score_history"),
    path("trainer/cohorts/<int:pk>/statistics/", statistics_views.cohort_statistics, name="cohort_statistics"),
    path(
        "trainer/cohorts/<int:pk>/statistics.xlsx",
        statistics_views.cohort_statistics_xlsx,
        name="cohort_statistics_xlsx",
    ),
    path("my/work/", work_views.my_work, name="my_work"),
    path("my/work/<int:pk>/", work_views.my_work_show, name="my_work_show"),
    path("work/files/<int:pk>/", work_views.submitted_file, name="submitted_file"),
    path("trainer/cohorts/<int:pk>/work/", work_setting_views.cohort_work, name="cohort_work"),
    path("trainer/cohorts/<int:pk>/work/new/", work_setting_views.assignment_new, name="assignment_new"),
    path(
        "trainer/cohorts/<int:pk>/work/standard/", work_setting_views.cohort_work_standard, name="cohort_work_standard"
    ),
    path("trainer/cohorts/<int:pk>/work/publish/", work_setting_views.cohort_work_publish, name="cohort_work_publish"),
    path("trainer/work/<int:pk>/", work_setting_views.assignment_edit, name="assignment_edit"),
    path("trainer/work/<int:pk>/publish/", work_setting_views.assignment_publish, name="assignment_publish"),
    path("trainer/work/<int:pk>/close/", work_setting_views.assignment_close, name="assignment_close"),
    path("trainer/work/<int:pk>/open/", work_setting_views.assignment_open, name="assignment_open"),
    path("trainer/work/<int:pk>/discard/", work_setting_views.assignment_discard, name="assignment_discard"),
    path("work/files/<int:pk>/preview/", preview_views.submitted_preview, name="submitted_preview"),
    path("work/files/<int:pk>/preview/<int:no>/", preview_views.submitted_page, name="submitted_page"),
    path("trainer/work/alike/<int:pk>/", likeness_views.likeness_show, name="likeness_show"),
    path("trainer/queue/", queue_views.work_queue, name="work_queue"),
    path("trainer/queue/words/", queue_views.comment_templates, name="comment_templates"),
    path("trainer/queue/words/<int:pk>/", queue_views.comment_templates, name="comment_template"),
    path("trainer/queue/words/<int:pk>/drop/", queue_views.comment_template_drop, name="comment_template_drop"),
    path("trainer/queue/<int:pk>/", queue_views.work_answer, name="work_answer"),
    path("my/appeal/<int:pk>/", appeal_views.my_appeal, name="my_appeal"),
    path("my/appeal/<int:pk>/take-back/", appeal_views.my_appeal_take_back, name="my_appeal_take_back"),
    path("appeals/", appeal_views.appeal_list, name="appeal_list"),
    path("appeals/<int:pk>/", appeal_views.appeal_show, name="appeal_show"),
    path("appeals/papers/<int:pk>/", appeal_views.appeal_paper, name="appeal_paper"),
    path("defences/", defence_views.defence_list, name="defence_list"),
    path("defences/<int:pk>/", defence_views.defence_show, name="defence_show"),
    path("defences/<int:pk>/points/", defence_views.defence_give, name="defence_give"),
    path("defences/<int:pk>/decide/", defence_views.defence_decide, name="defence_decide"),
    path("defences/<int:pk>/end/", defence_views.defence_end, name="defence_end"),
    path("defences/<int:pk>/excuse/", defence_views.defence_excuse, name="defence_excuse"),
    path("defences/<int:pk>/take-back/", defence_views.defence_take_back, name="defence_take_back"),
    path("defences/<int:pk>/topic/", defence_views.defence_topic, name="defence_topic"),
    path("protocols/", chair_views.protocol_list, name="protocol_list"),
    path("protocols/<int:pk>/", chair_views.protocol_show, name="protocol_show"),
    path("protocols/<int:pk>/opinion/", chair_views.protocol_opinion, name="protocol_opinion"),
    path("protocols/<int:pk>/pdf/", chair_views.protocol_pdf, name="protocol_pdf"),
]
