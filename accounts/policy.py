"""The one table of who may open what. A URL name that is not here is refused to everybody.

The middleware refuses; a test walks the whole resolver against this table. Which rows a person then sees is the
business of each model's `visible_to`.
"""

from accounts.models import Role

PUBLIC = frozenset({"public"})
SIGNED_IN = frozenset({"signed in"})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
TRAINER = frozenset({Role.TRAINER})
LISTENER = frozenset({Role.LISTENER})
STAFF = ADMINISTRATOR | TRAINER

POLICY: dict[str, frozenset[str]] = {
    # course_admin
    "home": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "landing": SIGNED_IN,
    "javascript_catalogue": PUBLIC,
    "trainer_home": TRAINER,
    "my_course": LISTENER,
    "my_data": LISTENER,
    "my_data_export": LISTENER,
    # accounts (allauth)
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # programs
    "programme": PUBLIC,
    # enrollment
    "my_ways": LISTENER,
    "my_way_ask": LISTENER,
    "my_request_papers": LISTENER,
    "my_request_take_back": LISTENER,
    "my_agreement": LISTENER,
    "my_agreement_draft": LISTENER,
    "agreement_download": LISTENER | ADMINISTRATOR,
    "my_materials": LISTENER,
    "trainer_materials": TRAINER,
    "material_download": LISTENER | TRAINER | ADMINISTRATOR,
    # enrollment: timetable (an address of a calendar is signed, whoever has it may read)
    "trainer_timetable": TRAINER,
    "trainer_calendar": TRAINER,
    "trainer_calendar_renew": TRAINER,
    "cohort_timetable": TRAINER,
    "cohort_timetable_file": TRAINER,
    "my_timetable": LISTENER,
    "my_calendar": LISTENER,
    "my_calendar_renew": LISTENER,
    "session_calendar": PUBLIC,
    "attendance_sheet": STAFF,
    "attendance_save": STAFF,
    "attendance_changes": STAFF,
    "attendance_code": STAFF,
    "cohort_attendance": STAFF,
    "journal_pdf": STAFF,
    "journal_xlsx": STAFF,
    "check_in": LISTENER,
    "my_name": LISTENER,
    "my_name_confirm": LISTENER,
    "apply_list": PUBLIC,
    "apply_form": PUBLIC,
    "apply_sent": PUBLIC,
    "apply_employer": PUBLIC,
    "group_form": PUBLIC,
    "group_template": PUBLIC,
    # whoever holds the link in the letter
    "application": PUBLIC,
    "application_confirm": PUBLIC,
    "application_take_back": PUBLIC,
    "group_application": PUBLIC,
    "group_application_confirm": PUBLIC,
    "group_application_discard": PUBLIC,
    # assessment
    "cohort_statistics": STAFF,
    "cohort_statistics_xlsx": STAFF,
    "score_sheet": TRAINER,
    "score_save": TRAINER,
    "score_changes": TRAINER,
    "score_save_many": TRAINER,
    "score_history": TRAINER,
    "my_work": LISTENER,
    "my_work_show": LISTENER,
    "submitted_file": STAFF | LISTENER,
    "cohort_work": STAFF,
    "assignment_new": STAFF,
    "cohort_work_standard": STAFF,
    "cohort_work_publish": STAFF,
    "assignment_edit": STAFF,
    "assignment_publish": STAFF,
    "assignment_close": STAFF,
    "assignment_open": STAFF,
    "assignment_discard": STAFF,
    "submitted_preview": STAFF | LISTENER,
    "submitted_page": STAFF | LISTENER,
    "likeness_show": STAFF,
    "my_self_assessment": LISTENER,
    "my_self_assessment_privacy": LISTENER,
    "my_checklist": LISTENER,
    "cohort_self_assessment": STAFF,
    "cohort_defences": STAFF,
    "work_queue": STAFF,
    "work_answer": STAFF,
    "comment_templates": STAFF,
    "comment_template": STAFF,
    "comment_template_drop": STAFF,
    "my_appeal": LISTENER,
    "my_appeal_take_back": LISTENER,
    "appeal_list": STAFF,
    "appeal_show": STAFF,
    "appeal_paper": STAFF | LISTENER,
    "defence_list": STAFF,
    "defence_show": STAFF,
    "defence_give": STAFF,
    "defence_decide": STAFF,
    "defence_end": STAFF,
    "defence_excuse": STAFF,
    "defence_take_back": STAFF,
    "defence_topic": STAFF,
    "protocol_list": STAFF,
    "protocol_show": STAFF,
    "protocol_opinion": STAFF,
    "protocol_pdf": STAFF,
    # certificates
    "verify_lookup": PUBLIC,
    "verify_document": PUBLIC,
    "verify_document_json": PUBLIC,
    "verify_many": PUBLIC,
    "file_json": PUBLIC,
    "api_description": PUBLIC,
    "api_nothing": PUBLIC,
    "document_download": LISTENER | ADMINISTRATOR,
    "document_ask": LISTENER,
    "document_take_back": LISTENER,
    # postcourse
    "consultation_list": TRAINER,
    "consultation_confirm": TRAINER,
    "consultation_confirm_all": TRAINER,
    "consultation_held": TRAINER,
    "consultation_missed": TRAINER,
    "consultation_cancel": TRAINER,
    "consultation_move": TRAINER,
    "consultation_calendar": TRAINER,
    "my_consultations": LISTENER,
    "my_consultation_calendar": LISTENER,
}
# Every page of the admin panel, whatever its name, is for administrators; its sign-in page leads to ours.
ADMIN_NAMESPACE = "admin"
ADMIN_OPEN = {"admin:login"}


def audience(view_name: str | None) -> frozenset[str]:
    """Who may open the page of this URL name; the empty set for a name that the table does not list."""
    if view_name is None:
        return frozenset()
    if view_name.split(":")[0] == ADMIN_NAMESPACE:
        return PUBLIC if view_name in ADMIN_OPEN else ADMINISTRATOR
    return POLICY.get(view_name, frozenset())
