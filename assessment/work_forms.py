"""Text and files into a version of somebody's work, and into an assignment. Nothing here writes; the verbs judge."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.handing_in import LONGEST
from assessment.models import Assignment, WorkKind
from assessment.setting_tasks import LANGUAGES, Task
from assessment.work_files import MOST
from core.attachments import LARGEST, OFFICE_TYPES
from core.private_files import Upload
from enrollment.forms.fields import ChosenField
from enrollment.forms.requests import SeveralFilesInput
from enrollment.forms.timetable import ModuleField, RowField
from enrollment.models import Cohort
from programs.models import Criterion, Material, Module

ACCEPTED = ",".join([".pdf", ".docx", ".xlsx", ".pptx", ".jpg", ".jpeg", ".png", *OFFICE_TYPES.values()])
MOMENT = "%Y-%m-%dT%H:%M"
LANGUAGE_NAMES = {"kk": gettext_lazy("Kazakh"), "ru": gettext_lazy("Russian"), "en": gettext_lazy("English")}


class WorkFilesField(forms.FileField):
    """Several files at once, as `Upload`s; what they are, the verb looks into."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """Not more and not larger than a version takes."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MOST:
            raise ValidationError(_("At most 5 files go with one version."), code="many")
        return [self._upload(file) for file in files]

    def _upload(self, file: Any) -> Upload:
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."), code="large")
        return Upload(file.name or "", file.read())


class HandInForm(forms.Form):
    """One version: text, files, or both. The page gives each form a key of its own."""

    text = forms.CharField(
        label=gettext_lazy("Text of your work"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "data-keep": ""}),
        help_text=gettext_lazy("Write here, add files, or both."),
    )
    attached = WorkFilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("PDF, Word, Excel, PowerPoint, JPEG or PNG: at most 5 files of 10 MB each."),
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )
    request_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def version(self) -> dict[str, Any]:
        """What `hand_in` takes."""
        values = self.cleaned_data
        return {"text": values["text"], "files": values["attached"], "request_key": values["request_key"]}


class MomentField(forms.DateTimeField):
    """Date and time as the browser's own picker gives them, by the clocks of Almaty."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"], widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Without seconds, which the picker would otherwise ask for."""
        shown = super().prepare_value(value)
        return shown.replace(second=0, microsecond=0) if isinstance(shown, datetime) else shown


class MaterialsField(ChosenField):
    """Materials of the edition, each with its module."""

    def label_from_instance(self, obj: Any) -> str:
        return f"№ {obj.module.no} · {obj.title}" if obj.module else obj.title


class ScheduleForm(forms.Form):
    """What may change of a published assignment."""

    due_at = MomentField(label=gettext_lazy("Due"), help_text=gettext_lazy("What comes later is marked late."))
    closes_at = MomentField(
        label=gettext_lazy("Not taken after"),
        required=False,
        help_text=gettext_lazy("Empty: late work is taken until you close the assignment."),
    )
    materials = MaterialsField(
        label=gettext_lazy("Materials"),
        queryset=Material.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        fields: dict[str, Any] = self.fields
        fields["materials"].queryset = Material.objects.filter(edition=cohort.edition_id).on_the_shelf()
        if not fields["materials"].queryset:
            del fields["materials"]

    def schedule(self) -> dict[str, Any]:
        """What `reschedule` takes."""
        values = {name: self.cleaned_data[name] for name in ("due_at", "closes_at")}
        return values | {"materials": list(self.cleaned_data.get("materials", []))}


class AssignmentForm(ScheduleForm):
    """A draft in all its parts."""

    module = ModuleField(label=gettext_lazy("Module"), queryset=Module.objects.none())
    criterion = RowField(label=gettext_lazy("Criterion that it feeds"), queryset=Criterion.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=WorkKind.choices)
    position = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=0, max_value=9999, initial=10)
    field_order = ("module", "criterion", "kind")

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, cohort=cohort, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["module"].queryset = cohort.edition.modules.all()
        fields["criterion"].queryset = cohort.rubric.criteria.all()
        for code in sorted(LANGUAGES, key=lambda code: code != cohort.language):
            self._add_texts(code, required=code == cohort.language)
        texts = [name for name in fields if name.startswith(("title_", "instructions_"))]
        self.order_fields(["module", "criterion", "kind", *texts, "due_at", "closes_at", "materials", "position"])

    def _add_texts(self, code: str, *, required: bool) -> None:
        name = LANGUAGE_NAMES[code]
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Title (%(language)s)") % {"language": name}, max_length=200, required=required
        )
        self.fields[f"instructions_{code}"] = forms.CharField(
            label=_("Instructions (%(language)s)") % {"language": name},
            max_length=5000,
            required=required,
            widget=forms.Textarea(attrs={"rows": 6 if required else 3}),
        )

    def task(self) -> Task:
        """What the verbs take."""
        values = self.cleaned_data
        return Task(
            module=values["module"],
            criterion=values["criterion"],
            kind=values["kind"],
            title={code: values[f"title_{code}"] for code in LANGUAGES},
            instructions={code: values[f"instructions_{code}"] for code in LANGUAGES},
            position=values["position"],
            **self.schedule(),
        )


def as_initial(assignment: Assignment) -> dict[str, Any]:
    """What the forms show of a stored assignment."""
    names = ["module", "criterion", "kind", "due_at", "closes_at", "position"]
    names += [f"{name}_{code}" for name in ("title", "instructions") for code in LANGUAGES]
    return {name: getattr(assignment, name) for name in names} | {"materials": assignment.materials.all()}
