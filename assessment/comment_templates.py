"""Words that a trainer writes often, kept under a title of their own."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.models import CommentTemplate
from core.errors import Refused

MOST = 100  # of one person


def keep_template(*, template: CommentTemplate, by: User) -> CommentTemplate:
    """Add one's own template, or change it. Raises `Refused` for another's, a title that one has, and too many."""
    if template.pk and template.owner_id != by.pk:
        raise Refused(_("These words belong to somebody else."))
    template.owner = by
    if not template.pk and CommentTemplate.objects.filter(owner=by).count() >= MOST:
        raise Refused(_("You have %(most)s templates already. Delete one first.") % {"most": MOST})
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise Refused(_("You have a template with this title already.")) from error
    return template


def drop_template(*, template: CommentTemplate, by: User) -> None:
    """Delete one's own template. Raises `Refused` for somebody else's."""
    if template.owner_id != by.pk:
        raise Refused(_("These words belong to somebody else."))
    template.delete()
