"""The whole course in a real browser, with a real worker, in each of the three languages.

From an imported list to a certificate whose QR code, read out of the rendered picture, says valid and then revoked.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from core.identifiers import invented_iin
from core.spreadsheets import write_xlsx
from tests.installation import BACKGROUND, Installation, wait_until

pytestmark = [pytest.mark.servers, pytest.mark.browser]

PEOPLE = [("Әбенов", "Ғалым", "Өмірұлы"), ("Қасымова", "Үміт", "Һәкімқызы"), ("Ілиясов", "Ерлан", "")]
POINTS = [
    (18, 22, 13, 27, 9),
    (15, 12, 9, 20, 7),
    (8, 9, 5, 10, 3),
]  # excellent, weak in cases and analysis, not passed
HEADINGS = ["ЖСН", "Тегі", "Аты", "Әкесінің аты", "Лауазымы", "Жұмыс беруші", "Электрондық пошта"]
VERDICTS = {
    "kk": ("Жарамды", "Күші жойылған"),
    "ru": ("Действителен", "Аннулирован"),
    "en": ("Valid", "Revoked"),
}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    one = Installation(tmp_path)
    one.manage("run_course", "--prepare-only")
    yield one
    one.close()


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, installation: Installation, language: str, width: int = 1280) -> None:
        self.context = browser.new_context(base_url=installation.base, viewport={"width": width, "height": 900})
        self.context.add_cookies([{"name": "language", "value": language, "url": installation.base}])
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/admin/" if email.startswith("admin") else "**/trainer/")

    def send(self, button: str = "#content .submit-row input.default") -> None:
        """Send a form and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.click(button)


def list_of_people() -> bytes:
    rows = [
        [invented_iin(500 + n), *names, "директор", "№ 5 мектеп", f"person{n}@example.kz"]
        for n, names in enumerate(PEOPLE)
    ]
    return write_xlsx(rows, header=HEADINGS, title="Тізім")


def run_cohort(administrator: Person, today: date) -> str:
    """Plan, open, import, enrol, start and begin the assessment; the address of the cohort's page."""
    page = administrator.page
    page.goto("/admin/enrollment/cohort/add/")
    page.fill("[name=code]", "QRG-1")
    page.select_option("[name=edition]", index=1)
    page.select_option("[name=study_format]", "full_time")
    page.fill("[name=starts_on]", (today - timedelta(days=20)).isoformat())
    page.fill("[name=ends_on]", (today - timedelta(days=2)).isoformat())
    page.fill("[name=capacity]", "25")
    page.locator("label", has_text="Тренеров").first.click()
    administrator.send("[name=_continue]")
    hub = page.url
    administrator.send("form[action$='/move/open/'] button")
    page.goto(hub.replace("change/", "import/"))
    page.set_input_files(
        "[name=file]", {"name": "tizim.xlsx", "mimeType": "application/zip", "buffer": list_of_people()}
    )
    administrator.send()
    page.check("[name=papers]")
    page.fill("[name=papers_on]", (today - timedelta(days=25)).isoformat())
    administrator.send()
    page.goto(hub.replace("change/", "enrol/"))
    page.fill("[name=order_no]", "12-к")
    page.fill("[name=order_date]", (today - timedelta(days=22)).isoformat())
    page.fill("[name=backdating_reason]", "Қағаздағы бұйрық кеш енгізілді")
    administrator.send()
    for step in ("start", "assess"):
        page.goto(hub)
        administrator.send(f"form[action$='/move/{step}/'] button")
    return hub


def score(trainer: Person) -> None:
    """Enter all points by keyboard alone."""
    page = trainer.page
    page.click("main a.btn-primary")
    first = page.locator(".sheet-input").first
    expect(first).to_be_editable()
    first.focus()
    for row in POINTS:
        for points in row:
            page.keyboard.type(str(points))
            page.keyboard.press("Tab")
    expect(page.locator("[data-total]").nth(0)).to_have_text("89")
    expect(page.locator("[data-total]").nth(2)).to_have_text("35")


def decide(administrator: Person, chair: Person, installation: Installation, hub: str, today: date) -> None:
    """The administrator drafts the protocol, the chair closes it."""
    page = administrator.page
    cohort = hub.rstrip("/").split("/")[-2]
    everything = "SELECT count(*) FROM assessment_score WHERE points IS NOT NULL"
    wait_until(lambda: installation.query(everything) == [(15,)], 20, "all points stored")
    page.goto(f"/admin/assessment/protocol/cohort/{cohort}/")
    page.fill("[name=held_on]", (today - timedelta(days=1)).isoformat())
    for member in page.locator("[name=members]").all():
        member.check()
    administrator.send(".protocol-form button[type=submit]")
    chair.page.goto("/protocols/")
    chair.page.locator("main a", has_text="QRG-1").click()
    chair.page.check("[name=confirmed]")
    chair.send(".protocol-closing button")


def issue(administrator: Person, hub: str) -> None:
    """Look at the first paper, confirm, and see every file made."""
    page = administrator.page
    page.goto(f"/admin/assessment/protocol/cohort/{hub.rstrip('/').split('/')[-2]}/")
    page.locator("a.protocol-next").first.click()
    expect(page.locator("[name=outcomes]:checked")).to_have_count(3)
    administrator.send()
    expect(page.locator(".specimen img")).to_have_count(2)
    administrator.page.check("[name=names_compared]")
    administrator.send("[name=confirm]")
    page.reload()
    expect(page.locator("#progress a[href$='/file/']")).to_have_count(3, timeout=40_000)


def addresses_on(pdf: bytes) -> list[str]:
    """What a phone's camera reads from each page."""
    pages = pypdfium2.PdfDocument(pdf)
    return [zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())[0].text for page in pages]


def download(person: Person, link: Any) -> bytes:
    with person.page.expect_download() as waiting:
        link.click()
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_from_an_imported_list_to_a_verified_and_a_revoked_certificate(chromium, installation, language):
    staff = installation.call("staff")
    installation.start("web", *BACKGROUND)
    wait_until(lambda: installation.status("/readyz") == 200, 60, "web, worker and beat alive")
    today = date.today()
    administrator = Person(chromium, installation, language)
    administrator.sign_in(staff["administrator"], staff["password"])
    hub = run_cohort(administrator, today)

    trainer = Person(chromium, installation, language)
    trainer.sign_in(staff["trainer"], staff["password"])
    score(trainer)
    chair = Person(chromium, installation, language, width=390)
    chair.sign_in(staff["chair"], staff["password"])
    decide(administrator, chair, installation, hub, today)
    issue(administrator, hub)

    row = administrator.page.locator("#progress tr", has_text="Әбенов")
    pdf = download(administrator, row.locator("a[href$='/file/']"))
    addresses = addresses_on(pdf)
    assert len(addresses) == 2
    assert len(set(addresses)) == 1
    assert addresses[0].startswith(f"{installation.base}/v/")

    stranger = Person(chromium, installation, language, width=390)
    valid, revoked = VERDICTS[language]
    stranger.page.goto(f"{addresses[0]}?lang={language}")
    expect(stranger.page.locator("h1")).to_have_text(valid)
    expect(stranger.page.locator("body")).to_contain_text("Әбенов Ғалым Өмірұлы")
    assert stranger.context.cookies() == [c for c in stranger.context.cookies() if c["name"] == "language"]

    row.locator("a[href*='/document/']").first.click()
    administrator.page.click("a[href$='/revoke/']")
    administrator.page.fill("[name=reason]", "Тегі қате жазылған")
    administrator.send()
    stranger.page.reload()
    expect(stranger.page.locator("h1")).to_have_text(valid)
    second = Person(chromium, installation, language)
    second.sign_in(staff["second"], staff["password"])
    second.page.goto("/admin/")
    second.page.locator("#content a[href*='/certificates/document/']", has_text="SK-").first.click()
    second.send("[name=approve]")
    stranger.page.reload()
    expect(stranger.page.locator("h1")).to_have_text(revoked)

    planned = "SELECT count(*) FROM postcourse_consultation"
    wait_until(lambda: installation.query(planned)[0][0] >= 3, 40, "consultations of both who passed")
    trainer.page.goto("/trainer/consultations/")
    expect(trainer.page.locator("main")).to_contain_text("Қасымова Үміт Һәкімқызы")
    installation.manage("check_invariants")
