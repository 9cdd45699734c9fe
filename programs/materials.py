"""Course materials: stored privately under names that tell nothing, replaced and removed together with their files."""

import hashlib
import logging
import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.contents import FileRefused, examine, safe_name
from core.errors import DomainError, Refused
from programs.models import Material

LARGEST_FILE = 20 * 1024 * 1024  # bytes
log = logging.getLogger(__name__)


class FileUnreadableError(DomainError):
    """The store does not give the file of a material now."""

    status = 503


def read_upload(upload: UploadedFile) -> bytes:
    """The content of an uploaded file. Raises `FileRefused` for one over 20 MB or of another kind than is taken."""
    if (upload.size or 0) > LARGEST_FILE:
        raise FileRefused(_("The file is larger than 20 MB."))
    upload.seek(0)
    content: bytes = upload.read()
    examine(content)
    return content


def keep_material(*, material: Material, by: User | None, content: bytes | None = None, filename: str = "") -> Material:
    """Store a new or changed material; with `content` that file takes the place of what was there before.

    The edition may be in use: materials are added to it all the same. Raises `FileRefused` for a file that is not
    taken, and `Refused` when there is not exactly one of file and link, or the module is of another edition.
    """
    if material.module and material.module.edition_id != material.edition_id:
        raise Refused(_("The module belongs to another edition."))
    has_file = content is not None or bool(material.file)
    if has_file == bool(material.url):
        raise Refused(_("Give either a file or a web address."))
    replaced = Material.objects.filter(pk=material.pk).values_list("file", flat=True).first() or ""
    if content is not None:
        if len(content) > LARGEST_FILE:
            raise FileRefused(_("The file is larger than 20 MB."))
        kind = examine(content)
        # Without an ending, as nothing but the row tells what it is.
        material.file.name = default_storage.save(f"materials/{secrets.token_hex(16)}", ContentFile(content))
        material.name, material.content_type = safe_name(filename, kind), kind.content_type
        material.size, material.sha256 = len(content), hashlib.sha256(content).hexdigest()
    if material.pk is None:
        material.added_by = by
    with transaction.atomic():
        material.save()
        _drop_unused(replaced if replaced != material.file.name else "")
    return material


@transaction.atomic
def remove_material(*, material: Material, by: User | None) -> None:
    """Take a material away, and its file unless another edition uses it too. `by` reaches Django's log of the panel."""
    name = material.file.name or ""
    material.delete()
    _drop_unused(name)


def _drop_unused(name: str) -> None:
    """After the commit: erase a file that no row points to. What is left by a crash in between does no harm."""

    def drop() -> None:
        if not Material.objects.filter(file=name).exists():
            default_storage.delete(name)

    if name:
        transaction.on_commit(drop)


def open_file(material: Material) -> IO[bytes]:
    """The open file of a material that has one. Raises `FileUnreadableError`, and logs why."""
    try:
        file: IO[bytes] = material.file.open("rb")
    except OSError as error:
        log.error("the file of material %s: %s", material.pk, error)
        raise FileUnreadableError(_("This file cannot be read now. Please tell the institute.")) from error
    return file
