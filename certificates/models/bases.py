"""What addresses on papers began with, and since when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PublicBase(models.Model):
    """A value of PUBLIC_BASE_URL that was printed; the latest is in use, all are answered for good. Frozen."""

    url = models.CharField(_("beginning of the address"), max_length=200)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("address on papers")
        verbose_name_plural = _("addresses on papers")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(url=""), name="public_base_url")]

    def __str__(self) -> str:
        return self.url
