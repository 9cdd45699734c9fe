"""Addresses of this floor."""

from django.urls import path

from assessment import appeal_views, chair_views, defence_views, likeness_views, preview_views, views

urlpatterns = [
    path("trainer/cohorts/<int:pk>/scores/", views.score_sheet, name="score_sheet"),
    path("trainer/cohorts/<int:pk>/scores/save/", views.score_save, name="score_save"),
    path("trainer/cohorts/<int:pk>/scores/changes/", views.score_changes, name="score_changes"),
    path("trainer/cohorts/<int:pk>/scores/save-many/", views.score_save_many, name="score_save_many"),
    path("trainer/cohorts/<int:pk>/scores/<int:enrolment>/<int:criterion>/", views.score_history, name="score_history"),
    path("work/files/<int:pk>/preview/", preview_views.submitted_preview, name="submitted_preview"),
    path("work/files/<int:pk>/preview/<int:no>/", preview_views.submitted_page, name="submitted_page"),
    path("trainer/work/alike/<int:pk>/", likeness_views.likeness_show, name="likeness_show"),
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
