"""Both halves of a whole course, brought to its end by the verbs that people use."""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from assessment.appealing import file_appeal
from assessment.comment_templates import keep_template
from assessment.examining import give_points
from assessment.models import CommentTemplate, Defence, Likeness, Protocol, TextPrint
from assessment.tests.alike import attach, hand_in, make_assignment
from assessment.tests.defending import make_defence, make_examiners
from assessment.tests.working import make_version
from certificates import journal
from certificates.asking import ask_correction
from certificates.issuing import issue
from certificates.models import Document, DocumentState
from core import states
from core.private_files import Upload
from core.tests.papers import pdf, picture
from enrollment.models import Body, CohortState, Enrolment, Listener, Reason, Signatory, Way
from enrollment.requesting import file_request
from enrollment.tests.factories_timetable import make_attendance, make_session
from enrollment.timetabling.addresses import address_of
from postcourse.models import Consultation
from postcourse.planning import plan_support
from programs.materials import keep_material
from programs.models import Material, MaterialKind
from tests import factories
from tests.factories import close_protocol, make_cohort, make_edition, make_enrolment, make_members, make_scores

POINTS = [16, 20, 9, 24, 8]  # 77, weak in `analysis`
Objects = dict[str, dict[str, Any]]


def decide(enrolment: Enrolment, *, by: User, points: list[int] = POINTS) -> Protocol:
    """Score the enrolment and close its cohort's protocol."""
    make_scores(enrolment, points, by=by)
    return close(enrolment, by=by)


def defend(enrolment: Enrolment, *, by: User) -> Defence:
    """A settled defence before the cohort's trainer, who chairs, and another examiner."""
    trainer = enrolment.cohort.trainers.get()
    make_members(1, body=Body.ATTESTATION, user=trainer, is_chair=False)
    (other,) = make_examiners(1)
    defence = make_defence(enrolment, by=by, users=[trainer, other])
    for user in (trainer, other):
        give_points(defence=defence, points={"project": POINTS[3]}, by=user)
    return defence


def close(enrolment: Enrolment, *, by: User) -> Protocol:
    """Close the protocol of the enrolment's cohort."""
    held_on = min(timezone.localdate(), enrolment.cohort.ends_on + timedelta(days=1))
    return close_protocol(cohort=enrolment.cohort, held_on=held_on, leave_out={}, by=by)


def give_document(enrolment: Enrolment, *, by: User, content: bytes = b"%PDF-1.7 specimen") -> Document:
    """Issue the document of the enrolment's outcome and give it a file, without rendering one."""
    document = issue(
        outcome=enrolment.attempts.get().outcome,
        signatory=Signatory.objects.get(),
        issued_on=timezone.localdate(),
        by=by,
    )
    return give_file(document, content)


def give_file(document: Document, content: bytes = b"%PDF-1.7 specimen") -> Document:
    """A reserved document with a file, without rendering one."""
    journal.write_down()
    document.file.save(f"{document.pk}.pdf", ContentFile(content), save=False)
    return states.move(
        document,
        DocumentState.READY,
        by=None,
        file=document.file.name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        ready_at=timezone.now(),
    )


def give_material(enrolment: Enrolment, *, year: int) -> Material:
    """A file of an edition that only this half teaches and takes, so that the other half does not see it."""
    edition = make_edition(year=year)
    cohort = make_cohort(edition=edition, code=f"M-{year}", trainers=enrolment.cohort.trainers.all())
    make_enrolment(cohort=cohort, listener=enrolment.listener)
    return keep_material(
        material=Material(edition=edition, kind=MaterialKind.CASE, title_kk="Кейс"),
        content=b"%PDF-1.7 specimen %%EOF",
        filename="case.pdf",
        by=None,
    )


def give_work(enrolment: Enrolment) -> dict[str, int]:
    """Two works with a file, found to be alike."""
    prints = []
    for position in (10, 20):
        version = hand_in(enrolment, make_assignment(enrolment.cohort, position=position), "Жұмыс", b"words")
        prints.append(TextPrint.objects.create(version=version, text="Жұмыс", compared_at=timezone.now()))
    likeness = Likeness.objects.create(earlier=prints[0], later=prints[1], share=90)
    drawn = attach(version, picture())
    return {"submitted_file": drawn.pk, "submitted_page_no": 1, "likeness": likeness.pk}


def add_applications(objects: Objects) -> None:
    """One's own: a confirmed application and list to an open cohort; the other's are not confirmed yet."""
    edition = Enrolment.objects.first().cohort.edition  # type: ignore[union-attr]
    cohort = factories.make_cohort(edition=edition, code="OPEN-9", state=CohortState.OPEN)
    for whose, is_confirmed in {"own": True, "other": False}.items():
        application = factories.make_application(cohort=cohort, is_confirmed=is_confirmed)
        group = factories.make_group(cohort=cohort, is_confirmed=is_confirmed)
        objects[whose] |= {"code": cohort.code, "application": application.key, "list": group.key}
    objects["nonexistent"] |= {"code": "NONE-1", "application": "7.none", "list": "7.none"}


def build_world(*, administrator: User, own: Listener, other: Listener) -> Objects:
    """For each half the keys of what its addresses show; "nonexistent" has none."""
    enrolments = {"own": own.enrolments.get(), "other": other.enrolments.get()}
    objects: Objects = {
        "nonexistent": {
            "token": "no-such-token-0123456789",
            "uidb36": "zz",
            "key": "none",
            "calendar": "c1-1.forged",
            "ending": "xlsx",
            "moment": "exit",
            "way": Way.TRANSFER,
        }
    }
    for whose, enrolment in enrolments.items():
        asked = file_request(
            enrolment=enrolment,
            way=Way.TRANSFER,
            reason=Reason.ILLNESS,
            words="Ауруханада жатырмын.",
            papers=[Upload("анықтама.pdf", pdf())],
            by=administrator,
        )
        session = make_session(enrolment.cohort, timezone.now() - timedelta(minutes=10))
        make_attendance(session, enrolment, by=administrator)
        version = make_version(enrolment, by=administrator)
        make_scores(enrolment, POINTS, by=administrator)
        defence = defend(enrolment, by=administrator)
        protocol = close(enrolment, by=administrator)
        document = give_document(enrolment, by=administrator)
        appeal = file_appeal(
            outcome=protocol.outcomes.get(),
            words="Келіспеймін.",
            papers=[Upload("дәлел.pdf", pdf())],
            by=enrolment.listener.user,
        )
        objects[whose] = {
            "cohort": enrolment.cohort_id,
            "enrolment": enrolment.pk,
            "way": Way.TRANSFER,
            "request": asked.pk,
            "paper": asked.papers.get().pk,
            "agreement": enrolment.agreement.pk,
            "material": give_material(enrolment, year=2030 + len(objects)).pk,
            "session": session.pk,
            "assignment": version.submission.assignment_id,
            "submission": version.submission_id,
            "version": version.pk,
            "comment_template": keep_template(
                template=CommentTemplate(title=whose, words="Жақсы"), by=enrolment.cohort.trainers.get()
            ).pk,
            "submitted_file": version.files.get().pk,
            "protocol": protocol.pk,
            "defence": defence.pk,
            "outcome": protocol.outcomes.get().pk,
            "appeal": appeal.pk,
            "appeal_paper": appeal.papers.get().pk,
            "document": document.pk,
            "asked": ask_correction(document=document, cause="lost", words="Жоғалды", by=administrator).pk,
            "token": document.token,
            "calendar": address_of("cohort", enrolment.cohort_id).rpartition("/")[2].removesuffix(".ics"),
            "ending": "xlsx",
            "uidb36": "zz",
            "key": "none",
        } | give_work(enrolment)
    add_applications(objects)
    plan_support()
    for whose, enrolment in enrolments.items():
        consultation = Consultation.objects.filter(plan__outcome__attempt__enrolment=enrolment).first()
        objects[whose]["consultation"] = consultation.pk if consultation else 0
    return objects
