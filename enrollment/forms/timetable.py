"""Forms of the timetable: one session, and what a whole timetable is made of."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.workdays import is_working
from enrollment.forms.fields import ChosenField, DayField
from enrollment.models import Cohort, Room, Session, SessionKind
from enrollment.timetabling.booking import Details
from enrollment.timetabling.diary import clock, local, moment
from enrollment.timetabling.lengths import LONGEST, Day
from enrollment.timetabling.proposing import Wish
from programs.models import Module, StudyFormat

MAX_SEQUENCE = 2**31 - 1
WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
TAUGHT = [(kind, label) for kind, label in SessionKind.choices if kind != SessionKind.SELF_STUDY]
# Kinds of session that a format holds online, unless somebody says otherwise.
ONLINE = {
    StudyFormat.FULL_TIME: [],
    StudyFormat.DISTANCE: [kind for kind, _label in TAUGHT],
    StudyFormat.BLENDED: [SessionKind.LECTURE.value],
}


class RowField(forms.ModelChoiceField):
    """One row of those offered; a number that no database column holds is an unknown choice."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not isinstance(value, Model):
            text = str(value)
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
                )
        return super().to_python(value)


class ModuleField(RowField):
    """A module by its number and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"№ {obj.no}. {obj.title}"


class RoomField(RowField):
    """A room with its seats."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.seats}"


def time_input() -> forms.TimeInput:
    """The browser's own picker of a time of day."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})


class SessionForm(forms.Form):
    """One session of a cohort."""

    day = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=time_input(), input_formats=["%H:%M", "%H:%M:%S"])
    hours = forms.IntegerField(label=_("Academic hours"), min_value=1, max_value=LONGEST)
    module = ModuleField(label=_("Module"), queryset=Module.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    trainer = RowField(label=_("Trainer"), queryset=User.objects.none(), required=False, empty_label=_("none yet"))
    room = RoomField(label=_("Room (seats)"), queryset=Room.objects.none(), required=False, empty_label=_("no room"))
    link = forms.URLField(label=_("Link to the online meeting"), max_length=500, required=False, assume_scheme="https")
    topic = forms.CharField(label=_("Topic"), max_length=250, required=False)
    sequence = forms.IntegerField(min_value=0, max_value=MAX_SEQUENCE, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cohort: Cohort, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort, self.session = cohort, session
        rows: dict[str, Any] = self.fields
        rows["module"].queryset = cohort.edition.modules.all()
        # What the session has stays a choice, also when it is offered to nobody else.
        kept_trainer, kept_room = (session.trainer_id or 0, session.room_id or 0) if session else (0, 0)
        rows["trainer"].queryset = User.objects.filter(Q(cohorts_taught=cohort) | Q(pk=kept_trainer)).distinct()
        rows["room"].queryset = Room.objects.filter(Q(is_active=True) | Q(pk=kept_room))
        rows["day"].widget.attrs |= {"min": cohort.starts_on.isoformat(), "max": cohort.ends_on.isoformat()}

    @staticmethod
    def initial_of(session: Session) -> dict[str, Any]:
        """The values of a stored session."""
        starts = local(session.starts_at)
        return {
            "day": starts.date(),
            "begins": starts.time(),
            "hours": session.hours,
            "module": session.module_id,
            "kind": session.kind,
            "trainer": session.trainer_id,
            "room": session.room_id,
            "link": session.link,
            "topic": session.topic,
            "sequence": session.sequence,
        }

    def details(self) -> Details:
        """What the form says; it must be valid."""
        values = self.cleaned_data
        return Details(
            starts_at=moment(datetime.combine(values["day"], values["begins"].replace(second=0, microsecond=0))),
            **{name: values[name] for name in ("module", "kind", "hours", "trainer", "room", "link", "topic")},
        )


class CancelSessionForm(forms.Form):
    """Why a session is called off; a draft's needs no reason."""

    reason = forms.CharField(
        label=_("Reason (its people read it)"),
        max_length=300,
        error_messages={"required": _("Please say why the session is cancelled.")},
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


class TogetherField(ChosenField):
    """Other cohorts, with their dates."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} · {obj.starts_on:%d.%m.%Y} – {obj.ends_on:%d.%m.%Y}"


class GenerateForm(forms.Form):
    """What a timetable is made of. The trainers' modules are read from `takes-<trainer>` fields of the table."""

    weekdays = forms.MultipleChoiceField(
        label=_("Teaching days"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        initial=["0", "1", "2", "3", "4"],
    )
    from_day = DayField(label=_("Not before"))
    begins = forms.TimeField(
        label=_("The day begins"), widget=time_input(), initial=time(9), input_formats=["%H:%M", "%H:%M:%S"]
    )
    hours = forms.IntegerField(label=_("Academic hours a day"), min_value=1, max_value=LONGEST)
    lunch_after = forms.IntegerField(
        label=_("Long break after hour"), min_value=0, max_value=LONGEST, initial=4, help_text=_("0: no long break.")
    )
    lunch_minutes = forms.IntegerField(label=_("Long break, minutes"), min_value=0, max_value=180, initial=60)
    rooms = ChosenField(
        label=_("Rooms"), queryset=Room.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    online = forms.MultipleChoiceField(
        label=_("Held online"), choices=TAUGHT, required=False, widget=forms.CheckboxSelectMultiple
    )
    link = forms.URLField(label=_("Link to the online meeting"), max_length=500, required=False, assume_scheme="https")
    guided = forms.BooleanField(label=_("Self-study with a trainer in a room, too"), required=False)
    together = TogetherField(
        label=_("Plan together with"),
        queryset=Cohort.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    replaces = forms.BooleanField(label=_("Planned sessions from this day on make way"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, others: Iterable[Cohort], **kwargs: Any) -> None:
        others = list(others)
        kwargs["initial"] = initial_wish(cohort) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        rows: dict[str, Any] = self.fields
        rows["rooms"].queryset = Room.objects.filter(is_active=True)
        rows["rooms"].label_from_instance = lambda room: f"{room.name} · {room.seats}"
        rows["together"].queryset = Cohort.objects.filter(pk__in=[other.pk for other in others]).order_by(
            "starts_on", "code"
        )
        rows["from_day"].widget.attrs |= {"min": cohort.starts_on.isoformat(), "max": cohort.ends_on.isoformat()}
        cohorts = [cohort, *others]
        self.trainers = list(
            User.objects.filter(cohorts_taught__in=cohorts, is_active=True).distinct().order_by("full_name")
        )
        self.modules = list(cohort.edition.modules.all())
        self.mine = set(cohort.trainers.values_list("pk", flat=True))

    def takes(self) -> dict[int, list[int]]:
        """Trainer's id → numbers of the modules ticked; before anything is posted, all modules of the cohort's own."""
        if not self.is_bound:
            return {trainer.pk: [m.no for m in self.modules] for trainer in self.trainers if trainer.pk in self.mine}
        known = {str(module.no): module.no for module in self.modules}
        ticked = {trainer.pk: self.data.getlist(f"takes-{trainer.pk}") for trainer in self.trainers}  # type: ignore[attr-defined]
        read = {pk: [known[no] for no in numbers if no in known] for pk, numbers in ticked.items()}
        return {pk: numbers for pk, numbers in read.items() if numbers}

    def table(self) -> list[tuple[User, list[tuple[Module, bool]]]]:
        """Each trainer with each module, ticked or not."""
        taken = self.takes()
        return [(t, [(module, module.no in taken.get(t.pk, [])) for module in self.modules]) for t in self.trainers]

    def clean(self) -> dict[str, Any]:
        """Online sessions need the link; the day must end before midnight."""
        values = super().clean() or {}
        if values.get("online") and not values.get("link") and "link" not in self.errors:
            self.add_error("link", _("Sessions held online need a link."))
        if not self.errors and self.day(values).over > 24 * 60:
            self.add_error("hours", _("This day would last beyond midnight."))
        return values

    @staticmethod
    def day(values: dict[str, Any]) -> Day:
        """The shape of a teaching day."""
        return Day(values["begins"], values["hours"], values["lunch_after"], values["lunch_minutes"], clock())

    def wish(self) -> Wish:
        """What is wanted; the form must be valid."""
        values = self.cleaned_data
        return Wish(
            cohorts=[self.cohort, *values["together"]],
            weekdays=[int(day) for day in values["weekdays"]],
            day=self.day(values),
            modules=self.takes(),
            rooms=list(values["rooms"]),
            online=values["online"],
            link=values["link"],
            guided=values["guided"],
            from_day=values["from_day"],
            replaces=values["replaces"],
        )


def initial_wish(cohort: Cohort) -> dict[str, Any]:
    """What the page offers at first: hours spread over the cohort's working days, rooms that are large enough."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    first = cohort.starts_on if cohort.starts_on >= tomorrow or cohort.ends_on < tomorrow else tomorrow
    days = sum(is_working(first + timedelta(days=n)) for n in range((cohort.ends_on - first).days + 1))
    plan = sum(module.hours for module in cohort.edition.modules.all())
    return {
        "from_day": first,
        "hours": max(4, min(8, -(-plan // max(1, days)))),
        "online": ONLINE[StudyFormat(cohort.study_format)],
        "rooms": Room.objects.filter(is_active=True, seats__gte=cohort.capacity),
    }
