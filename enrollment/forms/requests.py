"""Text and files into what a request asks for. Nothing here writes; the verb judges."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.attachments import LARGEST
from core.private_files import Upload
from enrollment.forms.fields import DayField
from enrollment.models import WITH_PAPERS, WITH_REASON, Cohort, Reason, Way
from enrollment.options import Option
from enrollment.request_papers import MOST
from enrollment.request_targets import WITH_COHORT

WORDS = 2000
ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
PAPERS_HELP = gettext_lazy(
    "PDF, JPEG or PNG, at most 10 MB each, at most 5. Only the administrators open them. "
    "Never add an identity card or passport, and cover an IIN that stands on a paper."
)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files at once, as `Upload`s."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """Not more and not larger than a request takes; what they are, the verb looks into."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST:
            raise ValidationError(_("At most 5 papers go with a request."), code="many")
        return [self._upload(file) for file in files]

    def _upload(self, file: Any) -> Upload:
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."), code="large")
        return Upload(file.name or "", file.read())


def papers_field(*, required: bool = False) -> PapersField:
    """The field by which papers are added."""
    return PapersField(
        label=gettext_lazy("Supporting papers"),
        required=required,
        help_text=PAPERS_HELP,
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Add a paper that supports the request: without one it cannot be granted.")
        },
    )


class RequestForm(forms.Form):
    """What is asked for; only the fields that the way needs."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("– choose –")), *Reason.choices]
    )
    words = forms.CharField(
        label=gettext_lazy("Explain in your own words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=WORDS,
        error_messages={"required": gettext_lazy("Explain the reason in a few words.")},
    )
    cohort = forms.ChoiceField(label=gettext_lazy("Which cohort"), required=False)
    until = DayField(label=gettext_lazy("Until when the course is to be deferred"))
    papers = papers_field()

    def __init__(self, *args: Any, option: Option, cohorts: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        way = option.way
        self.cohorts: dict[str, Cohort] = {str(cohort.pk): cohort for cohort in cohorts}
        if way in WITH_REASON:
            fields["papers"].required = way in WITH_PAPERS
        else:
            del fields["reason"]
            fields["words"].required = False
        if way in WITH_COHORT:
            nobody = _("my own cohort, if it still runs") if way == Way.REINSTATEMENT else _("the institute chooses")
            fields["cohort"].choices = [("", nobody), *((pk, _described(c)) for pk, c in self.cohorts.items())]
        else:
            del fields["cohort"]
        if way == Way.DEFERRAL and option.out.until:
            fields["until"].widget.attrs |= {
                "min": timezone.localdate().isoformat(),
                "max": option.out.until.isoformat(),
            }
            fields["until"].help_text = option.term
        else:
            del fields["until"]

    def clean_cohort(self) -> Cohort | None:
        """The cohort that was chosen, None for none."""
        return self.cohorts.get(self.cleaned_data["cohort"])


def _described(cohort: Any) -> str:
    """A cohort in a list of choices."""
    return _("%(code)s: %(first)s – %(last)s, %(language)s, %(format)s, free places: %(free)s") % {
        "code": cohort.code,
        "first": date_format(cohort.starts_on, "SHORT_DATE_FORMAT"),
        "last": date_format(cohort.ends_on, "SHORT_DATE_FORMAT"),
        "language": cohort.get_language_display(),
        "format": cohort.get_study_format_display(),
        "free": cohort.seats_free,
    }


class PaperForm(forms.Form):
    """More papers for an open request."""

    papers = papers_field(required=True)


class AnswerForm(forms.Form):
    """Why a request is refused."""

    answer = forms.CharField(
        label=gettext_lazy("Answer (the listener reads it)"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=WORDS,
        error_messages={"required": gettext_lazy("Write an answer: the listener reads it.")},
    )
