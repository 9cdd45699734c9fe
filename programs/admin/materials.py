"""The register of course materials: added, replaced and removed also while their edition is in use."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import SteadyAdmin
from programs.material_forms import MaterialForm
from programs.materials import keep_material, remove_material
from programs.models import Material


@admin.register(Material)
class MaterialAdmin(SteadyAdmin):
    form = MaterialForm
    actions = None
    list_display = ["title", "kind", "module_shown", "edition_year", "what", "published"]
    list_filter = ["published", "kind", "edition"]
    list_select_related = ["edition", "module"]
    ordering = ["-edition__year", "module__no", "position", "pk"]
    readonly_fields = ["stored"]
    fieldsets = [
        (None, {"fields": ["edition", "module", "kind", ("position", "published")]}),
        (gettext_lazy("Title"), {"fields": ["title_kk", "title_ru", "title_en"]}),
        (gettext_lazy("File or link"), {"fields": ["stored", "upload", "url"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The edition is chosen here, not edited."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "edition":
            for deed in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{deed}_related", False)
        return field

    @admin.display(description=gettext_lazy("module"), ordering="module__no")
    def module_shown(self, material: Material) -> str:
        """Its number; a dash for the whole course."""
        return f"№\N{NO-BREAK SPACE}{material.module.no}" if material.module else "–"

    @admin.display(description=gettext_lazy("edition"), ordering="edition__year")
    def edition_year(self, material: Material) -> int:
        """The edition's year; its title would fill the list."""
        return material.edition.year

    @admin.display(description=gettext_lazy("file"))
    def what(self, material: Material) -> str:
        """Kind and size of the file, or that it is a link."""
        return f"{material.ending}, {filesizeformat(material.size or 0)}" if material.file else _("link")

    @admin.display(description=gettext_lazy("stored now"))
    def stored(self, material: Material) -> SafeString | str:
        """The file that is there, to download."""
        if not material.file:
            return "–"
        address = reverse("material_download", args=[material.pk])
        return format_html('<a href="{}">{}</a> ({})', address, material.name, filesizeformat(material.size or 0))

    def save_model(self, request: HttpRequest, obj: Material, form: Any, change: bool) -> None:
        """By the verb, which stores the file."""
        upload = form.cleaned_data.get("upload")
        keep_material(material=obj, by=request.user, content=form.content, filename=upload.name if upload else "")

    def delete_model(self, request: HttpRequest, obj: Material) -> None:
        """By the verb, which removes the file too."""
        remove_material(material=obj, by=request.user)
