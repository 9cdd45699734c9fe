"""Text into values about course materials. Nothing here writes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from programs.forms import WrappingLine
from programs.materials import read_upload
from programs.models import Material, Module, ProgrammeEdition

MOST_PLACES = 1000
ENDINGS = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg"


class ModuleChoice(forms.ModelChoiceField):
    """A module with the year of its edition: titles repeat from year to year."""

    def label_from_instance(self, module: Module) -> str:  # type: ignore[override]
        return f"{module.edition.year} · {module.no}. {module.title}"


class MaterialForm(forms.ModelForm):
    """A material: what it is, and either a file or a link."""

    module = ModuleChoice(
        label=gettext_lazy("Module"),
        queryset=Module.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty for the whole course."),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"), min_value=1, max_value=MOST_PLACES, initial=10
    )
    url = forms.URLField(
        label=gettext_lazy("Web address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=AdminURLFieldWidget,
    )
    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        max_length=250,
        widget=forms.ClearableFileInput(attrs={"accept": ENDINGS}),
        help_text=gettext_lazy("PDF, office file or picture, at most 20 MB. Leave it empty to keep what is there."),
    )

    class Meta:
        model = Material
        fields = ["edition", "module", "kind", "title_kk", "title_ru", "title_en", "url", "position", "published"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["edition"].queryset = ProgrammeEdition.objects.order_by("-year")
        fields["module"].queryset = Module.objects.select_related("edition").order_by("-edition__year", "no")
        fields["title_kk"].required = True
        for language, _name in settings.LANGUAGES:
            fields[f"title_{language}"].widget = WrappingLine({"rows": 2})
        self.content: bytes | None = None

    def clean_upload(self) -> Any:
        """A file of a kind that is taken, by its content."""
        upload = self.cleaned_data["upload"]
        if upload:
            try:
                self.content = read_upload(upload)
            except DomainError as refusal:
                raise ValidationError(refusal.sentence) from refusal
        return upload

    def clean_url(self) -> str:
        """A page of the web."""
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(_("The address begins with https:// or http://."))
        return url

    def clean(self) -> dict[str, Any]:
        """Exactly one of file and link; the module is one of the edition's."""
        cleaned = super().clean() or self.cleaned_data
        module, edition = cleaned.get("module"), cleaned.get("edition")
        if module and edition and module.edition_id != edition.pk:
            self.add_error("module", _("The module belongs to another edition."))
        if "upload" in self.errors or "url" in self.errors:
            return cleaned
        if cleaned.get("url") and (self.content is not None or self.instance.file):
            raise ValidationError(_("Give either a file or a web address."))
        if not cleaned.get("url") and self.content is None and not self.instance.file:
            raise ValidationError(_("Give either a file or a web address."))
        return cleaned
