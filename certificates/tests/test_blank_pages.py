"""The pages of blanks: stock and balance, a run of the printer, acts; and what the layer has where."""

import pypdfium2
import pytest
from django.core.management import call_command

from certificates.blanks import Member, receive_blanks, record_failed, write_off
from certificates.models import Blank, Document, IssueBatch, Printer
from certificates.papers import render_paper
from certificates.print_layer import render_calibration, render_layer
from certificates.tests.factories import LONG_NAME, sample
from certificates.tests.test_blanks import COMMISSION, DAY
from core.tests import archival

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
BLANKS = "/admin/certificates/blank/"
MM = 72 / 25.4


@pytest.fixture(autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def stock(administrator):
    return receive_blanks(series="АБ", first=1, last=5, supplier="x", note="№ 1", received_on=DAY, by=administrator)


def place_of(page, text):
    """Left and top of a text, in millimetres from the page's upper left corner."""
    textpage = page.get_textpage()
    index, _count = textpage.search(text).get_next()
    left, _bottom, _right, top = textpage.get_charbox(index, loose=True)
    return left / MM, (page.get_height() - top) / MM


def test_layer_has_the_variable_text_where_the_full_page_has_it():
    snapshot = sample(holder=LONG_NAME)
    full, layer = (
        pypdfium2.PdfDocument(c)[0] for c in (render_paper(snapshot), render_layer([snapshot], labels=["x"]))
    )
    for text in (
        LONG_NAME["surname"],
        "80 академиялық",
        "07.09.2026",
        "2 октября 2026",
        snapshot["signatory"]["full_name"],
    ):
        assert place_of(layer, text) == pytest.approx(place_of(full, text), abs=0.3), text
    said = layer.get_textpage().get_text_bounded()
    assert snapshot["number"] in said
    for fixed in ("СЕРТИФИКАТ", "Осы сертификат", "тегі, аты", "Тіркеу нөмірі", "М.О."):
        assert fixed not in said


def test_offset_moves_the_layer_by_so_many_millimetres():
    from decimal import Decimal

    usual, moved = (
        pypdfium2.PdfDocument(render_layer([sample()], labels=["x"], offset=offset))[0]
        for offset in ((Decimal(0), Decimal(0)), (Decimal("1.5"), Decimal("-2")))
    )
    (x, y), (x2, y2) = place_of(usual, "Қасымова"), place_of(moved, "Қасымова")
    assert (x2 - x, y2 - y) == (pytest.approx(1.5, abs=0.05), pytest.approx(-2, abs=0.05))


def test_layer_and_sheet_are_archival_files_of_one_page_each():
    layer = render_layer([sample(), sample(number="SK-2026-000126")], labels=["АБ 1", "АБ 2"])
    sheet = render_calibration(printer="<b>Бухгалтерия</b>")
    assert [len(pypdfium2.PdfDocument(content)) for content in (layer, sheet)] == [2, 1]
    assert archival.faults(layer) == archival.faults(sheet) == []


def test_delivery_is_received_on_its_page(admin):
    values = {"series": "АБ", "first": 1, "last": 3, "supplier": "x", "note": "№ 1", "received_on": "2026-10-01"}
    assert admin.post(f"{BLANKS}receive/", values).status_code == 302
    assert Blank.objects.count() == 3
    assert admin.post(f"{BLANKS}receive/", values | {"first": 3, "last": 4}).status_code == 422
    assert Blank.objects.count() == 3


def test_stock_shows_the_balance_of_a_day(admin, stock, count_queries):
    admin.get(BLANKS)
    with count_queries() as seen:
        page = admin.get(BLANKS, {"day": "2026-09-30"})
    assert (page.status_code, page.context["balance"].received) == (200, 0)
    assert admin.get(BLANKS, {"day": "wrong"}).context["balance"].received == 5
    assert seen.count <= 10


def test_front_page_warns_of_a_low_stock(admin, stock, settings):
    settings.BLANKS_LOW = 5
    assert BLANKS not in admin.get("/admin/").context["today"]["machinery"]["letters_stuck"].url
    assert not admin.get("/admin/").context["today"]["machinery"]["blanks_left"].alarm
    settings.BLANKS_LOW = 6
    assert admin.get("/admin/").context["today"]["machinery"]["blanks_left"].alarm


def test_run_is_printed_and_recorded(admin, stock, make_ready, protocol_of):
    outcomes = protocol_of("Әлімов", "Бекенов", "Ғабитов").outcomes.order_by("pk")
    documents = [make_ready(outcome, on_blank=True) for outcome in outcomes]
    page = admin.get(f"{BLANKS}run/")
    assert all(document.number in page.text for document in documents)
    printer = Printer.objects.create(name="Бухгалтерия", right_mm="1.5", down_mm="-0.5")
    layer = admin.get(f"{BLANKS}run/layer/", {"printer": printer.pk})
    assert len(pypdfium2.PdfDocument(layer.content)) == 3
    one, two, three = Blank.objects.filter(state="reserved")
    said = {f"blank-{one.pk}": "printed", f"blank-{two.pk}": "spoiled", f"blank-{three.pk}": ""}
    assert admin.post(f"{BLANKS}run/", said).status_code == 422  # spoiled, and no reason
    assert admin.post(f"{BLANKS}run/", said | {"reason": "тұрып қалды"}).status_code == 302
    assert list(Blank.objects.values_list("state", flat=True)) == [
        "used",
        "spoiled",
        "reserved",
        "reserved",
        "in_stock",
    ]
    assert Document.objects.count() == 3


def test_act_is_made_and_printed(admin, stock, administrator):
    blank = Blank.objects.first()
    record_failed(blank=blank, state="lost", reason="табылмады", by=administrator)
    values = {"blanks": [blank.pk], "dated_on": "2026-10-02", "reason": "түгендеу"}
    for no, member in enumerate(COMMISSION, start=1):
        values |= {f"name_{no}": member.name, f"position_{no}": member.position}
    assert admin.post(f"{BLANKS}write-off/", values | {"name_2": ""}).status_code == 422
    assert admin.post(f"{BLANKS}write-off/", values).status_code == 302
    blank.refresh_from_db()
    paper = admin.get(f"/admin/certificates/writeoffact/{blank.act_id}/paper/")
    said = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_bounded()
    assert all(text in said for text in ("1-2026", "АБ 0000001", "табылмады", *(m.name for m in COMMISSION)))


def test_blank_in_stock_is_lost_on_its_page_and_given_to_a_document(admin, stock, make_ready, outcome):
    blank = Blank.objects.first()
    admin.post(f"{BLANKS}{blank.pk}/failed/", {"state": "lost", "reason": "жоқ"})
    document = make_ready(outcome)
    admin.post(f"{BLANKS}for/{document.pk}/")
    assert list(Blank.objects.values_list("state", flat=True)[:2]) == ["lost", "reserved"]
    assert "АБ 0000002" in admin.get(f"/admin/certificates/document/{document.pk}/change/").text
    assert admin.get(f"{BLANKS}{blank.pk}/change/").status_code == 200


def test_issue_page_issues_onto_blanks_or_says_how_many_lack(admin, protocol_of, signatory, stock):
    protocol = protocol_of("Әлімов")
    values = {"outcomes": [protocol.outcomes.get().pk], "signatory": signatory.pk, "issued_on": "2026-10-05"}
    values |= {"language": "ru", "on_blanks": "on"}
    address = f"/admin/certificates/document/issue/{protocol.pk}/"
    assert 'name="on_blanks"' in admin.post(address, values).text
    admin.post(address, values | {"confirm": "1", "names_compared": "1"})
    assert IssueBatch.objects.get().on_blanks


def test_printer_has_its_calibration_sheet(admin):
    printer = Printer.objects.create(name="Бухгалтерия")
    assert admin.get(f"/admin/certificates/printer/{printer.pk}/sheet/").content.startswith(b"%PDF")
    refused = admin.post("/admin/certificates/printer/add/", {"name": "x", "right_mm": "99", "down_mm": "0"})
    assert (refused.status_code, Printer.objects.count()) == (422, 1)


def test_act_with_hostile_words_is_text(administrator, stock):
    blank = Blank.objects.first()
    record_failed(blank=blank, state="lost", reason="<b>x</b>", by=administrator)
    members = [Member(f"<i>{no}</i>", "x") for no in range(3)]
    act = write_off(blanks=[blank], dated_on=DAY, commission=members, reason="{{ x }}", by=administrator)
    assert act.snapshot["blanks"][0]["why"] == "<b>x</b>"
