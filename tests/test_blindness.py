"""Blind marking: before a defence is settled no page, search, history, export or file tells what another examiner gave.

A canary stands in the note and in the points; everything that answers a GET is read as everybody who must not see it.
"""

import io
import re
import zipfile

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from assessment.examining import give_points
from assessment.models import Defence, DefenceState
from assessment.protocols import draft_protocol
from assessment.tests.defending import make_defence, make_examiners
from core.tests.reading import text_of
from enrollment.models import Body, CommissionMember
from tests import factories
from tests.test_access import ADDRESSES, NONE, OBJECTS

# At ten o'clock sharp, for the points would be found in a time that ends on them.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_within_one_minute")]
CANARY = "КӨРІНБЕСІН-7391"
POINTS = 27
TELLS = re.compile(rf"{CANARY}|{POINTS}\s*/\s*30|>\s*{POINTS}\s*<|[:=]\s*\"?{POINTS}\"?[,}};\s]")
SEARCHES = ("", "?q=7391", "?all=")  # half of the canary: the page repeats what was asked for


@pytest.fixture
def defence(cohort, listener, trainer, administrator):  # type: ignore[no-untyped-def]
    """The trainer chairs and has not given yet; another examiner has, and left a note."""
    (examiner,) = make_examiners(1)
    CommissionMember.objects.filter(user=examiner).update(is_chair=False)
    factories.make_members(1, body=Body.ATTESTATION, user=trainer)
    enrolment = listener.enrolments.get()
    factories.make_scores(enrolment, [18, 20, 10, None, 8], by=trainer)
    made = make_defence(enrolment, by=administrator, users=[trainer, examiner])
    give_points(defence=made, points={"project": POINTS}, note=CANARY, by=examiner)
    made.examiner = examiner
    members = [*CommissionMember.objects.filter(user__in=[trainer, examiner]), *factories.make_members(
        1, body=Body.ATTESTATION, is_chair=False
    )]  # fmt: skip
    made.protocol = draft_protocol(
        cohort=cohort, held_on=cohort.starts_on, members=members, chair=members[-2], leave_out={}, by=administrator
    )
    return made


def objects(defence):  # type: ignore[no-untyped-def]
    """What the addresses' parameters mean here."""
    enrolment = defence.attempt.enrolment
    return {
        "cohort": enrolment.cohort_id,
        "enrolment": enrolment.pk,
        "defence": defence.pk,
        "protocol": defence.protocol.pk,
        "assignment": NONE,
        "ending": "xlsx",
        "moment": "entry",
        "way": "transfer",
    }


def paths(defence):  # type: ignore[no-untyped-def]
    """Every address, with this cohort's and person's objects; the panel's pages for each row, with searches."""
    known = objects(defence)
    for address in ADDRESSES:
        if address.name.startswith("admin:"):
            continue
        meanings = OBJECTS.get(address.name, {})
        values = {p: known.get(meanings.get(p, p), known.get(p, NONE)) for p in address.parameters}
        try:
            yield reverse(address.name, kwargs=values)
        except NoReverseMatch:
            continue
    for model in admin.site._registry:
        where = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for search in SEARCHES:
            yield reverse(f"{where}_changelist") + search
        for pk in list(model._base_manager.values_list("pk", flat=True)[:3]):
            for page in ("change", "history", "delete"):
                try:
                    yield reverse(f"{where}_{page}", args=[pk])
                except NoReverseMatch:
                    continue
    for name, pk in (
        ("assessment_cohort_protocol", known["cohort"]),
        ("assessment_sitting_plan", known["cohort"]),
        ("enrollment_cohort_change", known["cohort"]),
    ):
        yield reverse(f"admin:{name}", args=[pk])


def read(response) -> str:  # type: ignore[no-untyped-def]
    """All text in an answer: of a page, a PDF, and everything in an archive."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return _text(content)


def _text(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(_text(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return text_of(content)
    return content.decode(errors="replace")


PEOPLE = ["anonymous", "administrator", "trainer", "other_trainer", "listener", "other_listener"]


def login(request, who: str) -> Client:  # type: ignore[no-untyped-def]
    client = Client(raise_request_exception=True)
    if who != "anonymous":
        person = request.getfixturevalue(who)
        client.force_login(getattr(person, "user", person))
    return client


@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_tells_what_another_examiner_gave(request, defence, other_listener, who):
    client = login(request, who)
    answered = 0
    for path in paths(defence):
        response = client.get(path)
        answered += response.status_code == 200
        # The picture of checks by day has days of the month on it, which look like points.
        told = re.search(CANARY if "checkday" in path else TELLS, read(response))
        assert told is None, f"{path} as {who}: {told.group()}"
    assert answered > (3 if who == "anonymous" else 8)


def test_examiner_sees_it_and_so_does_the_chair_after_giving(defence, trainer):
    path = reverse("defence_show", args=[defence.pk])
    client = Client()
    client.force_login(defence.examiner)
    assert CANARY in read(client.get(path))
    client.force_login(trainer)
    assert TELLS.search(read(client.get(path))) is None
    give_points(defence=defence, points={"project": 25}, by=trainer)
    assert Defence.objects.get(pk=defence.pk).state == DefenceState.SETTLED
    assert CANARY in read(client.get(path))
