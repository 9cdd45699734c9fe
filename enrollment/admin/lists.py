"""What the registers share: search that forgives letters and refuses an IIN, and export."""

import re
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.admin import SteadyAdmin
from core.kazakh import search_key
from enrollment.exports import WRITERS, Register, export

IIN_LIKE = re.compile(r"\d{12}")


def looks_like_iin(text: str) -> bool:
    """Whether a search text holds twelve digits in a row, spaces apart."""
    return bool(IIN_LIKE.search(re.sub(r"[\s-]+", "", text)))


class _KnownNumbers:
    """A search-as-you-type choice that shows a refused form again also when the posted number fits no column."""

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        possible = [pk for pk in value if re.fullmatch(r"[0-9]{1,18}", str(pk))]
        return super().optgroups(name, possible, attr)  # type: ignore[misc]


class Autocomplete(_KnownNumbers, AutocompleteSelect):  # type: ignore[misc]
    """One row of another register."""


class AutocompleteSeveral(_KnownNumbers, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several rows of another register."""


def only_view(field: Any, *, add: bool = False) -> Any:
    """A choice of another register's rows: they are looked at from here, not edited or deleted."""
    for deed in ("change", "delete"):
        setattr(field.widget, f"can_{deed}_related", False)
    field.widget.can_add_related = add and getattr(field.widget, "can_add_related", False)
    return field


class KeySearchAdmin(SteadyAdmin):
    """Search over the stored search key: SQLite's LIKE does not fold Cyrillic, and «Алиев» shall find «Әлиев».

    A register of people refuses twelve digits: an IIN must not stand in an address, nor in the logs it reaches. There
    is a form of its own for it, which posts.
    """

    KEY: ClassVar[str] = "search_key"
    REFUSES_IIN: ClassVar[bool] = False

    def get_search_results(  # type: ignore[no-untyped-def]
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ):
        if not search_term:
            return queryset, False
        words = search_key(search_term).split()
        if not words or (self.REFUSES_IIN and looks_like_iin(search_term)):
            return queryset.none(), False
        for word in words:
            queryset = queryset.filter(**{f"{self.KEY}__contains": word})
        return queryset, False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.REFUSES_IIN and looks_like_iin(request.GET.get(SEARCH_VAR, "")):
            self.message_user(request, _("An IIN is looked up with “Find by IIN” only."), messages.WARNING)
            rest = request.GET.copy()
            rest.pop(SEARCH_VAR)
            return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
        return super().changelist_view(request, extra_context)


class ExportedAdmin(KeySearchAdmin):
    """A register that can be taken away as XLSX, CSV or JSON, filtered as the list is."""

    REGISTER: ClassVar[type[Register]]
    change_list_template = "admin/enrollment/exported_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Adds `<app>_<model>_export`."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export_page = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export/<slug:ending>/", export_page, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """The rows of the filtered list as a file."""
        if ending not in WRITERS:
            raise Http404
        try:
            queryset = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        content, content_type = export(self.REGISTER(), queryset, ending)
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{ending}"
        return StreamingHttpResponse(
            content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
