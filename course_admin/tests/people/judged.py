"""What comes to a listener on the floor where work is judged, a row in every table."""

from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from assessment import models
from assessment.checklists import load_checklist
from assessment.examining import excuse, give_points, name_topic
from assessment.tests.defending import make_defence, make_examiners
from core import states
from tests.world import POINTS


def add_judged(enrolment, *, user, trainer, full_name):  # type: ignore[no-untyped-def]
    """Work, self-assessment, a defence and an appeal of `enrolment`, whose protocol is closed; with its name."""
    _work(enrolment, user, trainer, full_name)
    outcome = enrolment.attempts.get().outcome
    models.CorrectionLine.objects.create(protocol=outcome.protocol, outcome=outcome, points=outcome.points)
    appeal = models.Appeal(outcome=outcome, words=f"{full_name}: келіспеймін", filed_by=user)
    appeal.save()
    states.born([appeal], by=user)
    content = b"%PDF-1.4 appeal of " + full_name.encode()
    paper = models.AppealPaper(
        appeal=appeal, name=f"{full_name}.pdf", content_type="application/pdf", size=len(content),
        sha256=sha256(content).hexdigest(),
    )  # fmt: skip
    paper.file.save("appeals/1", ContentFile(content))
    checklist = load_checklist(enrolment.cohort.edition)
    levels = {str(one.position): 3 for one in checklist.competences.all()}
    models.SelfAssessment.objects.create(
        enrolment=enrolment, checklist=checklist, moment="entry", levels=levels, words=f"Мен {full_name}",
        answered_by=user, answered_at=timezone.now(),
    )  # fmt: skip
    models.CommentTemplate.objects.create(owner=user, title="Үлгі", words="Жақсы жұмыс")


def _work(enrolment, user, trainer, full_name):  # type: ignore[no-untyped-def]
    cohort = enrolment.cohort
    prints = []
    for position in (1, 2):
        assignment = models.Assignment(
            cohort=cohort, module=cohort.edition.modules.first(), criterion=cohort.rubric.criteria.first(),
            kind="management_case", title_kk=f"Кейс {position}", instructions_kk="Шешіңіз", position=position,
            due_at=timezone.now() + timedelta(days=3),
        )  # fmt: skip
        assignment.save()
        submission = models.Submission(assignment=assignment, enrolment=enrolment, waiting_since=timezone.now())
        submission.save()
        states.born([assignment, submission], by=user)
        version = models.Version.objects.create(
            submission=submission, no=1, text=f"{full_name} жазды", handed_in_by=user, handed_in_at=timezone.now()
        )
        prints.append(models.TextPrint.objects.create(version=version, text=f"{full_name} жазды", words=4))
    content = b"%PDF-1.4 work of " + full_name.encode()
    file = models.SubmittedFile(
        version=version, name=f"{full_name}.pdf", content_type="application/pdf", size=len(content),
        sha256=sha256(content).hexdigest(),
    )  # fmt: skip
    file.file.save("work/1", ContentFile(content))
    models.Feedback.objects.create(version=version, verdict="accepted", words=f"{full_name}, жақсы", by=trainer)
    states.move(submission, models.SubmissionState.ACCEPTED, by=trainer)
    models.PrintBand.objects.create(print=prints[0], key=7)
    models.Likeness.objects.create(earlier=prints[0], later=prints[1], share=90)


def defended(enrolment, *, by, full_name):  # type: ignore[no-untyped-def]
    """A defence before three examiners, one of them excused; settled, for whom `make_scores` has given points."""
    users = make_examiners(3)
    defence = make_defence(enrolment, by=by, users=users)
    name_topic(defence=defence, topic=f"{full_name} жобасы", by=by)
    for user in users[:2]:
        give_points(defence=defence, points={"project": POINTS[3]}, note=f"{full_name}: жақсы", by=user)
    excuse(defence=defence, examiner=defence.sitting.examiners.last(), reason="туысы", by=users[0])
