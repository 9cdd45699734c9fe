"""What outcomes and documents rest on stays as it is, by whatever way it is touched (I10)."""

from django.db import migrations

from core.triggers import forbid

USED = (
    '(EXISTS (SELECT 1 FROM "enrollment_listener" WHERE "consent_id" = OLD."id") '
    'OR EXISTS (SELECT 1 FROM "enrollment_application" WHERE "consent_id" = OLD."id"))'
)
BY_ORDER = "OLD.\"state\" NOT IN ('applied', 'waiting', 'admitted', 'refused', 'withdrawn')"


def changed(*columns: str) -> str:
    """SQL: at least one of these columns gets another value (none of them may be null)."""
    return "(" + " OR ".join(f'OLD."{column}" <> NEW."{column}"' for column in columns) + ")"


def changed_or_null(*columns: str) -> str:
    """SQL: at least one of these columns gets another value, null among them."""
    return "(" + " OR ".join(
        f'(OLD."{c}" <> NEW."{c}" OR (OLD."{c}" IS NULL) <> (NEW."{c}" IS NULL))' for c in columns
    ) + ")"


# What a signed order says; its state alone may still change, to cancelled.
ORDER = ["kind", "book", "year", "number", "date", "signatory_id", "basis", "basis_ru", "decision_id"]
ORDER += ["backdating_reason", "cancels_id", "snapshot", "signed_at"]
SIGNED = "OLD.\"state\" <> 'draft'"  # or discarded
BOOK = "('signed', 'cancelled')"
LINE = ["order_id", "enrolment_id", "cohort_id", "until", "request_id", "note", "from_state", "to_state", "opened_id"]
DECISION = ["number", "year", "held_on", "question", "decision"]
NOTICE = ["line_id", "year", "counter", "number", "dated_on"]
# To whom the letter goes is written in once, when nobody was on record at the expulsion.
NOTICE_SAYS = ["employer_id", "snapshot"]
OF_LINE = '(SELECT "enrolment_id" FROM "enrollment_orderline" WHERE "id" = OLD."line_id")'
UNADDRESSED = "(OLD.\"state\" = 'due' AND OLD.\"employer_id\" IS NULL)"
PRESENT = "enrollment_commissiondecision_members"
MEMBER = ["full_name", "position", "position_kk", "position_ru", "position_en", "is_chair", "valid_from"]
TEXT_USED = 'EXISTS (SELECT 1 FROM "enrollment_agreement" WHERE "text_id" = OLD."id")'
APPLICATION = ["cohort_id", "surname", "given_name", "patronymic", "iin_digest", "consent_id", "consented_at", "email"]
SIGNATORY = [
    *("full_name", "position", "position_kk", "position_ru", "position_en", "is_acting", "basis", "valid_from"),
]

# One person: an enrolment goes along when two entries are merged, and back when that is undone.
SAME_PERSON = (
    'EXISTS (SELECT 1 FROM "enrollment_listener" l WHERE (l."id" = OLD."listener_id" AND l."merged_into_id" = NEW."listener_id")'
    ' OR (l."id" = NEW."listener_id" AND l."merged_into_id" = OLD."listener_id"))'
)
OF_NEW = '"enrollment_listener" WHERE "id" = NEW."listener_id"'
UNUSABLE = f'EXISTS (SELECT 1 FROM {OF_NEW} AND ("merged_into_id" IS NOT NULL OR "pseudonymised_at" IS NOT NULL))'
OF_ROW = 'OLD."enrolment_id"'
# An application that has no enrolment (held or set aside) leads to no listener: it may be emptied, and nothing else.
BLANKED = '(OLD."enrolment_id" IS NULL AND NEW."iin_digest" = \'\' AND NEW."iin_sealed" = \'\')'
AGREEMENT = ["enrolment_id", "kind", "number", "dated_on", "text_id", "sha256", "continues_id", "by_id", "at"]


def erased(enrolment: str) -> str:
    """SQL: the person's data are erased, so what was kept word for word may lose the person's name."""
    return (
        'EXISTS (SELECT 1 FROM "enrollment_enrolment" e JOIN "enrollment_listener" l ON l."id" = e."listener_id" '
        f'WHERE e."id" = {enrolment} AND l."pseudonymised_at" IS NOT NULL)'
    )


def line_signed(row: str) -> str:
    """SQL: the line's order is signed."""
    return f'EXISTS (SELECT 1 FROM "enrollment_order" o WHERE o."id" = {row}."order_id" AND o."state" IN {BOOK})'


def decision_used(pk: str) -> str:
    """SQL: a signed order rests on the decision."""
    return f'EXISTS (SELECT 1 FROM "enrollment_order" o WHERE o."decision_id" = {pk} AND o."state" IN {BOOK})'


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_initial")]
    operations = [
        forbid("enrolment_no_delete", "enrollment_enrolment", "DELETE", when=f'OLD."order_id" IS NOT NULL OR {BY_ORDER}'),
        forbid(
            "enrolment_same_person",
            "enrollment_enrolment",
            "UPDATE",
            columns=["cohort_id", "listener_id"],
            when=f"{BY_ORDER} AND ({changed('cohort_id')} OR ({changed('listener_id')} AND NOT {SAME_PERSON}))",
        ),
        forbid("enrolment_of_usable", "enrollment_enrolment", "INSERT", when=UNUSABLE, holding=OF_NEW),
        # Another order can enrol only who was admitted again because the first one was cancelled.
        forbid(
            "enrolment_same_order",
            "enrollment_enrolment",
            "UPDATE",
            columns=["order_id"],
            when=f"OLD.\"state\" <> 'admitted' AND {changed_or_null('order_id')}",
        ),
        forbid("order_as_signed", "enrollment_order", "UPDATE", columns=ORDER, when=f"{SIGNED} AND {changed_or_null(*ORDER)}"),
        forbid("order_no_delete", "enrollment_order", "DELETE", when=SIGNED),
        forbid(
            "order_line_as_signed",
            "enrollment_orderline",
            "UPDATE",
            columns=LINE,
            when=f"{line_signed('OLD')} AND {changed_or_null(*LINE)}",
        ),
        forbid("order_line_no_delete", "enrollment_orderline", "DELETE", when=line_signed("OLD")),
        forbid("order_line_no_insert", "enrollment_orderline", "INSERT", when=line_signed("NEW")),
        forbid("decision_as_used", "enrollment_commissiondecision", "UPDATE", columns=DECISION, when=decision_used("OLD.\"id\"")),
        forbid("decision_no_delete", "enrollment_commissiondecision", "DELETE", when=decision_used("OLD.\"id\"")),
        forbid("decision_line_as_used", "enrollment_decisionline", "UPDATE", when=decision_used("OLD.\"decision_id\"")),
        forbid("decision_line_no_delete", "enrollment_decisionline", "DELETE", when=decision_used("OLD.\"decision_id\"")),
        forbid("decision_line_no_insert", "enrollment_decisionline", "INSERT", when=decision_used("NEW.\"decision_id\"")),
        forbid("decision_members_no_insert", PRESENT, "INSERT", when=decision_used('NEW."commissiondecision_id"')),
        forbid("decision_members_no_update", PRESENT, "UPDATE", when=decision_used('OLD."commissiondecision_id"')),
        forbid("decision_members_no_delete", PRESENT, "DELETE", when=decision_used('OLD."commissiondecision_id"')),
        forbid(
            "commission_member_as_present",
            "enrollment_commissionmember",
            "UPDATE",
            columns=MEMBER,
            when=f'EXISTS (SELECT 1 FROM "{PRESENT}" p WHERE p."commissionmember_id" = OLD."id" AND '
            + decision_used('p."commissiondecision_id"')
            + f") AND {changed_or_null(*MEMBER)}",
        ),
        forbid("notice_as_written", "enrollment_employernotice", "UPDATE", columns=NOTICE, when=changed_or_null(*NOTICE)),
        forbid(
            "notice_says_as_written",
            "enrollment_employernotice",
            "UPDATE",
            columns=NOTICE_SAYS,
            when=f"NOT {UNADDRESSED} AND NOT {erased(OF_LINE)} AND {changed_or_null(*NOTICE_SAYS)}",
        ),
        forbid("notice_no_delete", "enrollment_employernotice", "DELETE"),
        forbid(
            "agreement_no_update",
            "enrollment_agreement",
            "UPDATE",
            when=f"{changed_or_null(*AGREEMENT)} OR NOT {erased(OF_ROW)}",
        ),
        forbid("agreement_no_delete", "enrollment_agreement", "DELETE"),
        forbid("agreement_text_no_update", "enrollment_agreementtext", "UPDATE", when=TEXT_USED),
        forbid("agreement_text_no_delete", "enrollment_agreementtext", "DELETE", when=TEXT_USED),
        forbid(
            "application_no_update",
            "enrollment_application",
            "UPDATE",
            columns=APPLICATION,
            when=f"OLD.\"confirmed_at\" IS NOT NULL AND {changed_or_null(*APPLICATION)} AND NOT {erased(OF_ROW)} AND NOT {BLANKED}",
        ),
        forbid("application_no_delete", "enrollment_application", "DELETE", when='OLD."confirmed_at" IS NOT NULL'),
        forbid(
            "signatory_as_on_orders",
            "enrollment_signatory",
            "UPDATE",
            columns=SIGNATORY,
            when=f"EXISTS (SELECT 1 FROM enrollment_order o WHERE o.signatory_id = OLD.id AND o.state IN {BOOK}) "
            f"AND {changed_or_null(*SIGNATORY)}",
        ),
        forbid("cohort_no_delete", "enrollment_cohort", "DELETE", when="OLD.\"state\" <> 'planned'"),
        forbid(
            "cohort_as_assessed",
            "enrollment_cohort",
            "UPDATE",
            columns=["edition_id", "rubric_id", "starts_on", "ends_on"],
            when="OLD.\"state\" IN ('assessing', 'closed') AND "
            + changed("edition_id", "rubric_id", "starts_on", "ends_on"),
        ),
        forbid(
            "consent_no_update",
            "enrollment_consenttext",
            "UPDATE",
            columns=["version", "text", "text_kk", "text_ru", "text_en"],
            when=USED,
        ),
        forbid("consent_no_delete", "enrollment_consenttext", "DELETE", when=USED),
    ]
