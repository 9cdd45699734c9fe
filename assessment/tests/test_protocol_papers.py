"""The protocol's paper: everything that was decided, from the snapshot alone."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessment.models import Protocol
from assessment.protocol_papers import render_protocol
from assessment.protocols import close_protocol as close_draft
from assessment.protocols import draft_protocol, give_opinion
from core.tests import archival
from core.tests.reading import pages_of, text_of
from enrollment.models import CommissionMember
from tests import factories

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def protocol(cohort, scored, administrator, trainer):  # type: ignore[no-untyped-def]
    """Two decided, one left out, one special opinion."""
    scored("Әлімов", "good")
    scored("Бекенов", "failed")
    ill = scored("Ғабитов", None)
    members = factories.make_commission(trainer)
    draft = draft_protocol(
        cohort=cohort, held_on=cohort.ends_on, members=members, chair=members[0], leave_out={ill.pk: "ауырып қалды"},
        by=administrator,
    )  # fmt: skip
    give_opinion(protocol=draft, member=draft.members.get(is_chair=True), opinion="Жоба терең талданбаған", by=trainer)
    return close_draft(protocol=draft, by=trainer)


def test_paper_says_everything_that_was_decided(protocol):
    text = text_of(render_protocol(protocol.snapshot))
    for said in (
        "ХАТТАМА", "ПРОТОКОЛ", "№ 1", "2026 жылғы 25 қыркүйек", "25 сентября 2026", "Әлімов Айбек", "Бекенов Айбек",
        "81", "35", "good деңгейі", "failed деңгейі", "Ғабитов Айбек: ауырып қалды", "Жоба терең талданбаған",
        "Комиссия төрағасы", "Председатель комиссии", "K-2026-1",
    ):  # fmt: skip
        assert said.casefold() in text.casefold(), said


def test_paper_is_made_from_the_snapshot_alone(protocol, django_assert_num_queries):
    snapshot = protocol.snapshot
    with django_assert_num_queries(0):
        render_protocol(snapshot)


def test_paper_of_forty_people_with_long_names_keeps_them_whole(protocol):
    person = protocol.snapshot["people"][0]
    name = "Құрманғалиева-Нұрмұхамедова Гүлбаршын-Айзада Бекмұхаммедқызы Әбілмансұрқызы Жәңгірханова"
    many = protocol.snapshot | {"people": [person | {"name": f"{name} {i:02}"} for i in range(40)]}
    content = render_protocol(many)
    assert archival.faults(content) == []
    text = " ".join(text_of(content).split())
    assert all(f"{i:02}" in text for i in range(40))
    assert 2 <= pages_of(content) <= 5


def test_no_show_and_breach_are_told_in_words(protocol):
    person = protocol.snapshot["people"][0]
    absent = person | {
        "total": None,
        "band": None,
        "passed": False,
        "ending": "no_show",
        "reason": "келмеді",
        "points": {},
    }
    text = text_of(render_protocol(protocol.snapshot | {"people": [absent]}))
    assert "қорғауға келмеді: келмеді" in " ".join(text.split())


def test_paper_is_downloaded_by_who_sat_and_by_administrators(protocol, sign_in, trainer, administrator, other_trainer):
    path = reverse("protocol_pdf", args=[protocol.pk])
    for user, status in ((trainer, 200), (administrator, 200), (other_trainer, 404)):
        assert sign_in(user).get(path).status_code == status
    response = sign_in(trainer).get(path)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_closed_protocol_never_changes(protocol):
    seat = protocol.members.select_related("member").get(is_chair=True)
    for rows, change in (
        (Protocol.objects, {"snapshot": {}}),
        (protocol.members, {"special_opinion": ""}),
        (CommissionMember.objects.filter(pk=seat.member_id), {"full_name": "Басқа"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
