"""Choices into levels. Nothing here writes; the verb judges."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessment.models import LEVELS, Competence, SelfAssessment
from assessment.self_assessing import WORDS

MEANINGS = {
    1: gettext_lazy("I have not met this"),
    2: gettext_lazy("I know of it"),
    3: gettext_lazy("I do it with help"),
    4: gettext_lazy("I do it on my own"),
    5: gettext_lazy("I teach others"),
}


class ChecklistForm(forms.Form):
    """A level for every competence, words, and whether it is private."""

    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What do you want from the course, or what has it changed? You may leave this empty."),
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_private = forms.BooleanField(
        label=gettext_lazy("For my trainers and me only"),
        help_text=gettext_lazy("Administrators then do not see your answers, and no mean of theirs counts them."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        competences: Iterable[Competence],
        given: SelfAssessment | None,
        is_private: bool,
        **kw: Any,
    ) -> None:
        kw["initial"] = {"words": given.words if given else "", "is_private": is_private}
        super().__init__(*args, **kw)
        self.competences = list(competences)
        known = given.levels if given else {}
        for one in self.competences:
            self.fields[f"level-{one.position}"] = forms.TypedChoiceField(
                label=one.text,
                choices=[(level, str(level)) for level in LEVELS],
                coerce=int,
                initial=known.get(str(one.position)),
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose a level.")},
            )

    def lines(self) -> list[tuple[Competence, forms.BoundField]]:
        """Each competence with its field."""
        return [(one, self[f"level-{one.position}"]) for one in self.competences]

    def answer(self) -> dict[str, Any]:
        """What `answer_checklist` takes."""
        levels = {one.position: self.cleaned_data[f"level-{one.position}"] for one in self.competences}
        return {
            "levels": levels,
            "words": self.cleaned_data["words"],
            "is_private": self.cleaned_data["is_private"],
        }
