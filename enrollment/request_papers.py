"""Papers that support a request: checked by their content, kept in the private store under a name that tells nothing.

They tell of illness and family, so only administrators open them, and they go when the request is taken back.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import private_files
from core.errors import Refused
from core.private_files import Checked, Upload
from enrollment.models import MovementRequest, SupportingPaper

FOLDER = "papers"
MOST = 5  # papers of one request


def check(uploads: Sequence[Upload]) -> list[Checked]:
    """Every paper looked into, nothing stored. Raises `Refused` past the fifth, and naming one that is not taken."""
    if len(uploads) > MOST:
        raise Refused(_("At most 5 papers go with a request."))
    return private_files.check(uploads)


def store(request: MovementRequest, papers: Sequence[Checked], *, by: User) -> list[SupportingPaper]:
    """Keep papers that were checked; one that is there already stays. Raises `Refused` past the fifth.

    Call it with the enrolment's row locked.
    """
    known = {paper.sha256: paper for paper in request.papers.all()}
    new = [paper for paper in papers if paper.sha256 not in known]
    if len(known) + len(new) > MOST:
        raise Refused(_("At most 5 papers go with a request."))
    with private_files.keeping(FOLDER) as keep:
        for paper in new:
            known[paper.sha256] = SupportingPaper.objects.create(request=request, uploaded_by=by, **keep(paper))
    return [known[paper.sha256] for paper in papers]


def discard(request: MovementRequest) -> None:
    """Forget the papers of a request; their files go once the transaction is committed."""
    names = list(request.papers.values_list("file", flat=True))
    request.papers.all().delete()
    transaction.on_commit(lambda: private_files.erase(names), robust=True)


def sweep_stray_files() -> int:
    """Erase files that no paper names and that are older than a day; returns how many. Safe to run twice."""
    return private_files.sweep(FOLDER, SupportingPaper)
