"""What work of each level looks like: edited until points were given by the rubric, then frozen (I10)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.triggers import MESSAGE
from programs.models import Level


def keep_level(level: Level) -> Level:
    """Store an edited level. Raises `Refused` once the rubric is in use, for bounds outside the criterion's maximum."""
    if level.to_points > level.criterion.max_points:
        most = {"points": level.criterion.max_points}
        raise Refused(_("The levels must end at the maximum of %(points)s points.") % most)
    try:
        with transaction.atomic():
            level.save()
    except IntegrityError as error:
        if MESSAGE not in str(error):
            raise
        raise Refused(_("Points were given by this rubric, so its levels stay as they are.")) from error
    return level
