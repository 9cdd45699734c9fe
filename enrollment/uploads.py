"""An uploaded list between its preview and its import: kept sealed, erased as soon as it is done with."""

import base64
import re
from datetime import date, timedelta
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import seals
from core.errors import Refused
from core.spreadsheets import read_rows
from enrollment.import_columns import find_columns
from enrollment.import_reading import ReadList
from enrollment.importing import Imported, ImportPlan, apply_import, collector_resting, judge, read_content
from enrollment.models import Cohort, ListenerImport

# A list that was looked through and left: its people are not ours to keep.
KEPT = timedelta(days=1)


@transaction.atomic
def keep(*, cohort: Cohort, content: bytes, filename: str, by: User) -> ListenerImport:
    """Keep a list for its preview, sealed. Lists left lying for a day are erased at this moment.

    Raises `Refused` when the file cannot be read as a list at all; then nothing is kept.
    """
    find_columns(read_rows(content, filename).rows)
    ListenerImport.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    sealed = seals.seal(base64.b64encode(content).decode())
    return ListenerImport.objects.create(cohort=cohort, by=by, filename=_harmless(filename), content_sealed=sealed)


@collector_resting()
def plan_of(upload: ListenerImport) -> ImportPlan:
    """What taking in this list would do now. Raises `Refused` once it is done with."""
    return judge(upload.cohort, _reading_of(upload))


def _reading_of(upload: ListenerImport) -> ReadList:
    if not upload.content_sealed:
        raise Refused(_("This list is done with. Upload it again to look through it."))
    return read_content(base64.b64decode(seals.unseal(upload.content_sealed)), upload.filename)


@collector_resting()
@transaction.atomic
def take_in(*, upload: ListenerImport, by: User, consented_on: date) -> Imported | None:
    """Import the kept list and erase it; None when a second click finds it imported already.

    Raises `ImportRefused` as `apply_import` does; the list then stays for another look.
    """
    held = ListenerImport.objects.select_for_update().select_related("cohort").get(pk=upload.pk)
    if held.applied_at:
        return None
    plan = ImportPlan(held.cohort, _reading_of(held))  # judged by `apply_import`, with the cohort locked
    imported = apply_import(cohort=held.cohort, plan=plan, by=by, consented_on=consented_on)
    held.applied_at, held.content_sealed = timezone.now(), ""
    held.save(update_fields=["applied_at", "content_sealed"])
    return imported


def discard(*, upload: ListenerImport, by: User) -> None:
    """Erase a list that is not wanted; one that was imported stays as a record without its content."""
    ListenerImport.objects.filter(pk=upload.pk, applied_at=None).delete()


def _harmless(filename: str) -> str:
    """The file's name without folders, long digits or control characters."""
    name = PurePath(filename.replace("\\", "/")).name
    name = re.sub(r"[\x00-\x1f\x7f]", "", re.sub(r"\d{9,}", "…", name))
    return name[-200:] or "list"
