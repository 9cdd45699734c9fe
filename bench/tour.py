"""`make tour`: pictures of the main pages and papers, as people see them, under var/tour.

A demonstration of its own is set up and served; each page is taken in three languages on a laptop and on a phone.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
LANGUAGES = ("kk", "ru", "en")
WIDTHS = {1280: 800, 390: 844}
DOTS_PER_INCH = 100


def cohort(code: str) -> str:
    """SQL of a demonstration cohort's id."""
    return f"SELECT id FROM enrollment_cohort WHERE code = '{code}'"


# Name of the picture → address; {…} is the first value of a SELECT on the demonstration.
TOKEN = "SELECT token FROM certificates_document WHERE state = '{state}' ORDER BY id LIMIT 1"
ASKED = {
    "opened": cohort("KRG-06"),
    "running": cohort("KRG-05"),
    "assessing": cohort("KRG-04"),
    "decided": cohort("KRG-03"),
    "finished": cohort("KRG-02"),
    "protocol": f"SELECT id FROM assessment_protocol WHERE cohort_id = ({cohort('KRG-03')})",
    "valid": TOKEN.format(state="ready"),
    "revoked": TOKEN.format(state="revoked"),
    "batch": "SELECT id FROM certificates_issuebatch ORDER BY id LIMIT 1",
    "document": "SELECT id FROM certificates_document ORDER BY id LIMIT 1",
    "listener": "SELECT id FROM enrollment_listener ORDER BY id LIMIT 1",
    "request": "SELECT id FROM enrollment_movementrequest ORDER BY id LIMIT 1",
    "enrolled": f"SELECT id FROM enrollment_enrolment WHERE cohort_id = ({cohort('KRG-05')}) ORDER BY id DESC LIMIT 1",
    "order": "SELECT id FROM enrollment_order WHERE kind = 'expulsion'",
    "draft": "SELECT id FROM enrollment_order WHERE state = 'draft'",
    "decision": "SELECT id FROM enrollment_commissiondecision ORDER BY id LIMIT 1",
    "letter": "SELECT id FROM enrollment_employernotice ORDER BY id LIMIT 1",
    "newcomer": "SELECT e.id FROM enrollment_enrolment e JOIN enrollment_listener l ON l.id = e.listener_id "
    "WHERE l.email = 'newcomer@demo.kz'",
    "assignment": f"SELECT min(id) FROM assessment_assignment WHERE cohort_id = ({cohort('KRG-05')})",
    "returned": "SELECT s.assignment_id FROM assessment_submission s"
    " JOIN enrollment_enrolment e ON e.id = s.enrolment_id"
    " JOIN enrollment_listener l ON l.id = e.listener_id"
    " WHERE s.state = 'returned' AND l.email = 'student@demo.kz'",
    "session": f"SELECT min(id) FROM enrollment_session WHERE state = 'planned' AND cohort_id = ({cohort('KRG-05')})",
    "twin": "SELECT one.id FROM enrollment_listener one JOIN enrollment_listener other"
    " ON other.name_key = one.name_key AND other.id > one.id ORDER BY one.id LIMIT 1",
    "other_twin": "SELECT other.id FROM enrollment_listener one JOIN enrollment_listener other"
    " ON other.name_key = one.name_key AND other.id > one.id ORDER BY one.id LIMIT 1",
    "correction": "SELECT id FROM enrollment_namecorrection ORDER BY id LIMIT 1",
    "kept": "SELECT id FROM enrollment_listener WHERE email = 'kept@demo.kz'",
    "likeness": "SELECT id FROM assessment_likeness ORDER BY share DESC LIMIT 1",
    "unanswered": "SELECT id FROM assessment_submission WHERE state = 'handed_in' ORDER BY waiting_since, id LIMIT 1",
    "submitted": "SELECT id FROM assessment_submittedfile WHERE name LIKE '%.docx' ORDER BY id LIMIT 1",
    "waiting": "SELECT id FROM assessment_protocol WHERE state = 'draft' ORDER BY id LIMIT 1",
    "defence": "SELECT id FROM assessment_defence WHERE state = 'scheduled' ORDER BY id DESC LIMIT 1",
    "disputed": "SELECT id FROM assessment_defence WHERE state = 'disputed' ORDER BY id LIMIT 1",
    "appeal": "SELECT id FROM assessment_appeal WHERE state = 'filed' ORDER BY id LIMIT 1",
    "appealed": "SELECT a.outcome_id FROM assessment_appeal a JOIN accounts_user u ON u.id = a.filed_by_id"
    " WHERE u.email = 'listener2@demo.kz'",
    "checked": "SELECT e.id FROM enrollment_enrolment e JOIN enrollment_listener l ON l.id = e.listener_id"
    " WHERE l.email = 'student@demo.kz'",
    "edition": "SELECT id FROM programs_programmeedition ORDER BY id LIMIT 1",
}
PAGES = {
    "": {
        "home": "/",
        "programme": "/programme/",
        "apply": "/apply/",
        "apply-form": "/apply/KRG-08/",
        "apply-list": "/apply/KRG-08/list/",
        "apply-sent": "/apply/KRG-08/sent/",
        "application": "/application/{application}/",
        "application-waiting": "/application/{waits}/",
        "verify": "/verify/",
        "verify-valid": "/v/{valid}/",
        "verify-revoked": "/v/{revoked}/",
        "verify-unknown": "/v/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/",
        "not-found": "/nothing/",
        "sign-in": "/accounts/login/",
    },
    "admin@demo.kz": {
        "admin": "/admin/",
        "admin-cohorts": "/admin/enrollment/cohort/",
        "admin-cohort-open": "/admin/enrollment/cohort/{opened}/change/",
        "admin-agreements": "/admin/enrollment/cohort/{opened}/agreements/",
        "admin-agreement-texts": "/admin/enrollment/agreementtext/",
        "admin-agreement-register": "/admin/enrollment/agreement/",
        "admin-materials": "/admin/programs/material/",
        "admin-applications": "/admin/enrollment/application/decide/",
        "admin-application": "/admin/enrollment/application/{conflict}/change/",
        "admin-application-register": "/admin/enrollment/application/",
        "admin-import": "/admin/enrollment/cohort/{opened}/import/",
        "admin-cohort-assessing": "/admin/enrollment/cohort/{assessing}/change/",
        "admin-cohort-decided": "/admin/enrollment/cohort/{decided}/change/",
        "admin-close-protocol": "/admin/assessment/protocol/cohort/{assessing}/",
        "admin-timetable": "/admin/enrollment/cohort/{running}/timetable/",
        "admin-timetable-make": "/admin/enrollment/cohort/{opened}/timetable/make/",
        "admin-session": "/admin/enrollment/cohort/{running}/timetable/{session}/",
        "admin-week": "/admin/enrollment/session/week/",
        "admin-rooms": "/admin/enrollment/room/",
        "admin-protocol": "/admin/assessment/protocol/{protocol}/change/",
        "admin-correct": "/admin/assessment/protocol/{protocol}/correct/",
        "admin-issue": "/admin/certificates/document/issue/{protocol}/",
        "admin-batch": "/admin/certificates/issuebatch/{batch}/progress/",
        "admin-documents": "/admin/certificates/document/",
        "admin-document": "/admin/certificates/document/{document}/change/",
        "admin-orders": "/admin/enrollment/order/",
        "admin-order": "/admin/enrollment/order/{order}/change/",
        "admin-order-new": "/admin/enrollment/order/add/",
        "admin-order-draft": "/admin/enrollment/order/add/withdrawal/?cohort={running}",
        "admin-order-sign": "/admin/enrollment/order/{draft}/sign/",
        "admin-order-cancel": "/admin/enrollment/order/{order}/cancel/",
        "admin-decision": "/admin/enrollment/commissiondecision/{decision}/change/",
        "admin-decision-new": "/admin/enrollment/commissiondecision/add/?cohort={running}",
        "admin-letters": "/admin/enrollment/employernotice/",
        "admin-letter": "/admin/enrollment/employernotice/{letter}/change/",
        "admin-listeners": "/admin/enrollment/listener/",
        "admin-listener": "/admin/enrollment/listener/{listener}/change/",
        "admin-correction": "/admin/enrollment/namecorrection/{correction}/change/",
        "admin-duplicates": "/admin/people/duplicates/",
        "admin-merge": "/admin/people/duplicates/{twin}/{other_twin}/",
        "admin-export": "/admin/people/{listener}/export/",
        "admin-retention": "/admin/people/retention/",
        "admin-erase": "/admin/people/{kept}/erase/",
        "admin-edition": "/admin/programs/programmeedition/{edition}/change/",
        "admin-edition-preview": "/admin/programs/programmeedition/{edition}/preview/",
        "admin-requests": "/admin/enrollment/movementrequest/",
        "admin-request": "/admin/enrollment/movementrequest/{request}/change/",
        "admin-request-refuse": "/admin/enrollment/movementrequest/{request}/refuse/",
        "admin-ways": "/admin/enrollment/movementrequest/of/{enrolled}/",
        "admin-ask": "/admin/enrollment/movementrequest/of/{enrolled}/deferral/",
        "admin-plans": "/admin/postcourse/supportplan/",
        "admin-consultations": "/admin/postcourse/consultation/",
        "alike": "/trainer/work/alike/{likeness}/",
        "preview": "/work/files/{submitted}/preview/",
        "admin-sittings": "/admin/assessment/sitting/",
        "admin-statistics": "/admin/assessment/protocol/statistics/",
        "admin-commission": "/admin/enrollment/commissionmember/",
        "admin-messages": "/admin/core/message/",
        "admin-audit": "/admin/core/auditentry/",
    },
    "trainer@demo.kz": {
        "trainer": "/trainer/",
        "trainer-scores": "/trainer/cohorts/{assessing}/scores/",
        "trainer-materials": "/trainer/materials/",
        "trainer-timetable": "/trainer/timetable/",
        "trainer-cohort-timetable": "/trainer/cohorts/{running}/timetable/",
        "trainer-attendance": "/trainer/sessions/{session}/attendance/",
        "trainer-cohort-attendance": "/trainer/cohorts/{running}/attendance/",
        "trainer-consultations": "/trainer/consultations/",
        "trainer-work": "/trainer/cohorts/{running}/work/",
        "trainer-work-new": "/trainer/cohorts/{running}/work/new/",
        "trainer-assignment": "/trainer/work/{assignment}/",
        "trainer-queue": "/trainer/queue/",
        "trainer-answer": "/trainer/queue/{unanswered}/",
        "trainer-words": "/trainer/queue/words/",
        "trainer-defences": "/trainer/cohorts/{assessing}/defences/",
        "trainer-statistics": "/trainer/cohorts/{decided}/statistics/",
        "trainer-self-assessment": "/trainer/cohorts/{decided}/self-assessment/",
        "examiner-defences": "/defences/",
        "examiner-defence": "/defences/{defence}/",
        "examiner-disputed": "/defences/{disputed}/",
        "chair-protocols": "/protocols/",
        "chair-protocol": "/protocols/{waiting}/",
        "chair-appeals": "/appeals/",
        "chair-appeal": "/appeals/{appeal}/",
    },
    "student@demo.kz": {
        "student": "/my/",
        "student-work": "/my/work/",
        "student-assignment": "/my/work/{returned}/",
        "student-self": "/my/self-assessment/{checked}/",
    },
    "listener@demo.kz": {
        "listener": "/my/",
        "listener-materials": "/my/materials/",
        "listener-timetable": "/my/timetable/",
        "listener-check-in": "/my/check-in/",
        "listener-consultations": "/my/consultations/",
        "listener-data": "/my/data/",
        "listener-name": "/my/name/",
    },
    "listener2@demo.kz": {"listener-ways": "/my/ways/", "listener-appeal": "/my/appeal/{appealed}/"},
    "newcomer@demo.kz": {
        "newcomer": "/my/",
        "newcomer-agreement": "/my/agreement/{newcomer}/",
        "newcomer-materials": "/my/materials/",
    },
}


def sign_in(context: BrowserContext, base: str, email: str, password: str) -> None:
    """As a person does it."""
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.close()


def take(browser: Browser, base: str, password: str, asked: dict[str, str], folder: Path) -> Iterator[str]:
    """One line for each page that is not as it should be: its status, or wider than the screen."""
    for email, pages in PAGES.items():
        for width, height in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            if email:
                sign_in(context, base, email, password)
            page = context.new_page()
            for name, address in pages.items():
                path = address.format(**asked)
                wanted = 404 if name in ("not-found", "verify-unknown") else 200
                for language in LANGUAGES:
                    answer = page.goto(f"{base}{path}?lang={language}")
                    picture = folder / language / str(width) / f"{name}.png"
                    picture.parent.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=picture, full_page=True)
                    if answer is None or answer.status != wanted:
                        yield f"{path} answers {answer.status if answer else 'nothing'}"
                    if page.evaluate("document.documentElement.scrollWidth") > width:
                        yield f"{path} in {language} is wider than {width} px"
            context.close()


def papers(documents: Path, folder: Path) -> int:
    """The first paper of each number of pages, as pictures; how many papers were looked through."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(documents.rglob("*.pdf"))
    seen: set[int] = set()
    for path in files:
        paper = pypdfium2.PdfDocument(path)
        if len(paper) not in seen:
            seen.add(len(paper))
            for number, sheet in enumerate(paper, start=1):
                sheet.render(scale=DOTS_PER_INCH / 72).to_pil().save(folder / f"{len(paper)}-pages-{number}.png")
        paper.close()
    return len(files)


def tour(target: Path) -> int:
    """Set up, serve, take the pictures; the number of complaints."""
    from tests.installation import Installation, wait_until

    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        one = Installation(Path(folder), DEMO="1")
        try:
            one.launch("run", [sys.executable, "manage.py", "run_course"])
            wait_until(lambda: one.status("/readyz") == 200, 180, "/readyz answers 200")
            unfinished = "SELECT count(*) FROM certificates_document WHERE state = 'reserved'"
            wait_until(lambda: one.query(unfinished) == [(0,)], 120, "documents ready")
            document = "SELECT id FROM certificates_document WHERE state = 'ready' ORDER BY id DESC LIMIT 1"
            one.call("revoke", document=one.query(document)[0][0])
            asked = {name: str(one.query(sql)[0][0]) for name, sql in ASKED.items()}
            asked |= one.call("applications")
            password = (one.folder / "demo_password.txt").read_text()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                complaints = list(take(browser, one.base, password, asked, target))
                browser.close()
            count = papers(one.folder / "documents", target / "papers")
        finally:
            one.close()
    print(
        *complaints, f"{len(list(target.rglob('*.png')))} pictures of pages and of {count} papers: {target}", sep="\n"
    )
    return len(complaints)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")
    where = Path(os.environ.setdefault("VAR", str(ROOT / "var"))).resolve() / "tour"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("build_assets")
    shutil.rmtree(where, ignore_errors=True)
    began = time.monotonic()
    failed = tour(where)
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(failed > 0)
