"""What is issued: documents, their numbers, papers and verification."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Let Django know what is checked before it starts."""
        from certificates import checks  # noqa: F401
