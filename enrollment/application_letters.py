"""Letters to applicants: each in the language of the application, each kind once (I11).

All of them lead to one address, where the application is confirmed and followed; their text is erased once it is sent.
Nothing that a stranger typed freely stands in a letter: names are letters only, employers' names bear no address.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from core import outbox
from core.letters import letter
from core.nudge import nudge
from enrollment.models import KEPT_UNCONFIRMED, Application, Cohort, Enrolment, GroupApplication

CONFIRM, ADMITTED, WAITING = "application-confirm", "application-admitted", "application-waiting"
REFUSED, NO_PLACE = "application-refused", "application-no-place"
LEFT, CANCELLED = "application-left", "application-cancelled"
CONFIRM_LIST = "group-application-confirm"


def address_of(application: Application | GroupApplication) -> str:
    """Where the application is confirmed and followed, in the language in which it was written."""
    name = "application" if isinstance(application, Application) else "group_application"
    path = reverse(name, kwargs={"key": application.key})
    return f"{settings.PUBLIC_BASE_URL}{path}?lang={application.language}"


def ask_to_confirm(application: Application) -> None:
    """Ask whoever has this e-mail whether the application is theirs."""
    write(application, CONFIRM)


def tell(enrolments: Iterable[Enrolment], kind: str, *, reason: str = "") -> None:
    """Tell everybody of these who has applied what became of the application; others were never asked to wait."""
    for application in Application.objects.newest_of(list(enrolments)):
        write(application, kind, reason=reason)


def write(application: Application, kind: str, *, reason: str = "") -> None:
    """One letter about one application."""
    with translation.override(application.language):
        subject, lead = TEXTS[kind](application)
        paragraphs = [
            lead,
            _course(application.cohort),
            _("Reason: %(reason)s") % {"reason": reason} if reason else "",
            _("Your application: %(address)s") % {"address": address_of(application)},
            _last_words(kind),
        ]
        _post(
            application.email,
            kind,
            f"application {application.pk}",
            subject,
            letter(paragraphs, to=application.full_name),
        )


def ask_to_confirm_list(group: GroupApplication) -> None:
    """Ask whoever has the contact's e-mail whether the list is theirs; its people hear nothing before that."""
    with translation.override(group.language):
        paragraphs = [
            _(
                "A list of people for a professional-development course was sent in with this e-mail. Please open the "
                "address below, look through the list and press the button there. Each person of it then gets a letter "
                "of their own. Later the same address shows what became of each application."
            ),
            _course(group.cohort),
            _("People in the list: %(count)s") % {"count": group.people},
            _("Your list: %(address)s") % {"address": address_of(group)},
            _last_words(CONFIRM),
        ]
        _post(
            group.contact_email,
            CONFIRM_LIST,
            f"group application {group.pk}",
            _("Confirm your list"),
            letter(paragraphs, to=group.contact_name),
        )


def _confirm(application: Application) -> tuple[str, str]:
    if application.group:
        lead = _(
            "Your employer has put you on a list for a professional-development course. Please open the address below, "
            "read what was written about you and the consent, and confirm. Without that nothing is done with it."
        )
        return _("Your place on a course: please confirm"), "\n".join([lead, _employer(application.group)])
    lead = _(
        "An application for a professional-development course was sent in with this e-mail. It counts once you open "
        "the address below and press the button there. Please keep this letter: later the same address shows what "
        "became of the application."
    )
    return _("Confirm your application"), lead


def _employer(group: GroupApplication) -> str:
    return _("Employer: %(employer)s") % {"employer": group.employer_name}


def _admitted(application: Application) -> tuple[str, str]:
    lead = _(
        "You have a place on the course. Next come the agreement and the order of enrolment; the institute writes to "
        "you about both."
    )
    return _("You have a place on the course"), lead


def _waiting(application: Application) -> tuple[str, str]:
    lead = _(
        "Your application is accepted, but all places are taken at the moment. You are on the waiting list. As soon as "
        "a place becomes free, the first of the list gets it by itself and is told by a letter."
    )
    return _("You are on the waiting list"), lead


def _refused(application: Application) -> tuple[str, str]:
    return _("Your application was not accepted"), _("Your application was not accepted.")


def _no_place(application: Application) -> tuple[str, str]:
    lead = _(
        "No place became free, and the course does not take people any more. You are welcome to apply for another one."
    )
    return _("No place became free"), lead


def _left(application: Application) -> tuple[str, str]:
    return _("You are not on the course any more"), _("You have been taken off the list of this course.")


def _cancelled(application: Application) -> tuple[str, str]:
    lead = _("The course is cancelled and will not take place. You are welcome to apply for another one.")
    return _("The course is cancelled"), lead


TEXTS: dict[str, Callable[[Application], tuple[str, str]]] = {
    CONFIRM: _confirm,
    ADMITTED: _admitted,
    WAITING: _waiting,
    REFUSED: _refused,
    NO_PLACE: _no_place,
    LEFT: _left,
    CANCELLED: _cancelled,
}


def _course(cohort: Cohort) -> str:
    return _("Course: %(topic)s\nCohort: %(code)s\nDates: %(first)s – %(last)s") % {
        "topic": cohort.edition.title,
        "code": cohort.code,
        "first": formats.date_format(cohort.starts_on, "DATE_FORMAT"),
        "last": formats.date_format(cohort.ends_on, "DATE_FORMAT"),
    }


def _last_words(kind: str) -> str:
    if kind == CONFIRM:
        return _(
            "If this has nothing to do with you, do nothing: what was written is erased after %(days)s days. The "
            "institute never asks for a copy of an identity document."
        ) % {"days": KEPT_UNCONFIRMED.days}
    if settings.INSTITUTE_CONTACT:
        return _("Questions? %(contact)s") % {"contact": settings.INSTITUTE_CONTACT}
    return ""


def _post(recipient: str, kind: str, thing: str, subject: str, body: str) -> None:
    outbox.write(kind=kind, thing=thing, recipient=recipient, subject=subject, body=body, secret=True)
    nudge("core.send_messages")
