"""Files of submitted work and of appeals in the private store."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessment.models import Appeal, AppealPaper, SubmittedFile, Version
from core import private_files
from core.errors import Refused
from core.private_files import Checked, Upload

FOLDER, APPEALS = "work", "appeals"
MOST = 5  # files of one version, papers of one appeal


def check(uploads: Sequence[Upload], *, office: bool = True) -> list[Checked]:
    """Every file looked into, nothing stored. Raises `Refused` past the fifth, and naming one that is not taken."""
    if len(uploads) > MOST:
        raise Refused(_("At most 5 files go with one version.") if office else _("At most 5 papers go with a request."))
    return private_files.check(uploads, office=office)


def store(version: Version, files: Sequence[Checked]) -> None:
    """Keep files of a version that were checked."""
    with private_files.keeping(FOLDER) as keep:
        for file in files:
            SubmittedFile.objects.create(version=version, **keep(file))


def store_papers(appeal: Appeal, papers: Sequence[Checked]) -> None:
    """Keep papers of an appeal that were checked."""
    with private_files.keeping(APPEALS) as keep:
        for paper in papers:
            AppealPaper.objects.create(appeal=appeal, **keep(paper))


def sweep_stray_files() -> int:
    """Erase files that no row names and that are older than a day; returns how many. Safe to run twice."""
    return private_files.sweep(FOLDER, SubmittedFile) + private_files.sweep(APPEALS, AppealPaper)
