"""Personal data on this floor: attempts and what was decided about them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models import (
    Appeal,
    AppealPaper,
    Attempt,
    AttemptState,
    CommentTemplate,
    CorrectionLine,
    Defence,
    DefenceScore,
    Excuse,
    Feedback,
    Likeness,
    Outcome,
    PrintBand,
    Score,
    SelfAssessment,
    Submission,
    SubmittedFile,
    TextPrint,
    Version,
)
from core.persons import ERASED, Held, Person, of_account, of_listener


def _decided(person: Person) -> Q:
    """Points count, and are told, once a protocol has decided on them."""
    return Q(attempt__enrolment__listener__in=person.entries, attempt__state=AttemptState.DECIDED)


def _judged(person: Person) -> Q:
    """What the examiners gave is told once a protocol has decided."""
    decided = Q(defence__attempt__state=AttemptState.DECIDED)
    return Q(defence__attempt__enrolment__listener__in=person.entries) & decided


_AUTHOR = "version__submission__enrolment__listener"


def _likened(person: Person) -> Q:
    """What a work is like is told on either side."""
    return of_listener(f"earlier__{_AUTHOR}")(person) | of_listener(f"later__{_AUTHOR}")(person)


def erase(person: Person) -> None:
    """The prints of a person's work go, with everything that was found by them; no print of it is made again."""
    prints = TextPrint.objects.filter(of_listener(_AUTHOR)(person))
    held = [one.pk for one in prints.select_for_update(of=("self",)).only("pk")]  # so that nothing is found meanwhile
    Likeness.objects.filter(Q(earlier__in=held) | Q(later__in=held)).delete()
    TextPrint.objects.filter(pk__in=held).delete()


HELD = [
    Held(Attempt, whose=of_listener("enrolment__listener"), name="attempts"),
    Held(Score, whose=_decided, name="scores", shown={"criterion": "criterion__title"}),
    Held(
        Score.history.model,
        whose=_decided,
        name="score_history",
        title=_("scores: earlier states"),
        shown={"criterion": "criterion__title"},
        left_out={"history_change_reason": "not used"},
    ),
    Held(
        Outcome,
        whose=of_listener("attempt__enrolment__listener"),
        name="outcomes",
        shown={"protocol": "protocol__no", "band": "band__title"},
        also=("protocol__held_on",),
    ),
    Held(
        Defence,
        whose=of_listener("attempt__enrolment__listener"),
        name="defences",
        shown={"sitting": "sitting__starts_at"},
        left_out={"points": "stand in the scores once a protocol has decided", "grounds": "stand in the protocol"},
        erase={"topic": ""},
    ),
    Held(
        DefenceScore,
        whose=_judged,
        name="defence_scores",
        shown={"criterion": "criterion__title"},
        left_out={"examiner": "told in the protocol", "note": "the commission's own"},
        erase={"note": ""},
    ),
    Held(
        Excuse,
        whose=of_listener("defence__attempt__enrolment__listener"),
        why_not="says why an examiner did not judge",
    ),
    Held(
        CorrectionLine,
        whose=of_listener("outcome__attempt__enrolment__listener"),
        why_not="a draft; what is decided stands in the outcomes",
    ),
    Held(
        Submission,
        whose=of_listener("enrolment__listener"),
        name="submissions",
        shown={"assignment": "assignment__title"},
    ),
    Held(
        Version,
        whose=of_listener("submission__enrolment__listener"),
        name="submitted_versions",
        left_out={"request_key": "a note of the machinery"},
        erase={"text": ERASED},
    ),
    Held(
        SubmittedFile,
        whose=of_listener("version__submission__enrolment__listener"),
        name="submitted_files",
        file="file",
        erase={"name": ERASED, "file": ""},
    ),
    Held(
        Feedback,
        whose=of_listener("version__submission__enrolment__listener"),
        name="feedback",
        erase={"words": ERASED},
    ),
    Held(TextPrint, whose=of_listener(_AUTHOR), why_not="the text of the work once more"),
    Held(PrintBand, whose=of_listener(f"print__{_AUTHOR}"), why_not="numbers made from the text of the work"),
    Held(Likeness, whose=_likened, why_not="names another person's work"),
    Held(
        SelfAssessment,
        whose=of_listener("enrolment__listener"),
        name="self_assessments",
        shown={"checklist": "checklist__version"},
        erase={"words": ""},
        private=Q(is_private=True),
    ),
    Held(
        Appeal,
        whose=of_listener("outcome__attempt__enrolment__listener"),
        name="appeals",
        shown={"correction": "correction__no"},
        erase={"words": ERASED},
    ),
    Held(
        AppealPaper,
        whose=of_listener("appeal__outcome__attempt__enrolment__listener"),
        name="appeal_papers",
        file="file",
        erase={"name": ERASED, "file": ""},
    ),
    Held(CommentTemplate, whose=of_account("owner"), name="comment_templates"),
]
NOT_HELD = {
    "assessment.Protocol": "an act of the commission about a whole cohort; its decisions are the outcomes",
    "assessment.ProtocolMember": "who of the institute sat",
    "assessment.Sitting": "when and where the commission meets",
    "assessment.Examiner": "who of the institute judges",
    "assessment.Appeal_members": "who of the institute decided",
    "assessment.Assignment": "what is to be done",
    "assessment.Assignment_materials": "what is given to work with",
    "assessment.Checklist": "a version of a list",
    "assessment.Competence": "a line of a list",
}
