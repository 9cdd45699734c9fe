"""Two entries of one person brought together, and taken apart again when that was a mistake.

Every row that points to a listener moves, whatever model it belongs to: the relations are asked of Django, not listed
here. Locks are taken in one sequence everywhere: enrolments by number, then listeners by number.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from enrollment.admission import AT_WORK, TAKING_PART
from enrollment.models import Enrolment, Listener, ListenerMerge

# Rows about the two entries themselves: they say what was, so a merge leaves them.
STAYS = {
    "enrollment.ListenerMerge": "the record of a merge",
    "enrollment.DifferentPeople": "the record that two entries are two people",
}
# What the entry that stays takes from the other one where it has nothing itself.
FILLED = ("position", "employer_id", "email", "phone")
CONSENT = ("consent_id", "consented_on")


@dataclass
class Accounts:
    """What becomes of the two accounts; `closed` is the one that is not needed any more."""

    stays: User | None
    goes: User | None
    closed: User | None = field(default=None)


@dataclass(frozen=True)
class Link:
    """A foreign key to Listener: the model that has it, and its name there."""

    model: type[models.Model]
    field: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    def rows(self, **lookups: Any) -> "models.QuerySet[Any]":
        """The rows whose key is so: `link.rows(pk=…)`, `link.rows(at=listener)`."""
        at = lookups.pop("at", None)
        found = self.model._base_manager.filter(**lookups)
        return found if at is None else found.filter(**{self.field: at})


def relations() -> list[Link]:
    """Every foreign key to Listener whose rows a merge moves, hidden ones and those of many-to-many tables too.

    Rows of the history (`simple_history`) are left: they say what once was.
    """
    found = []
    for relation in Listener._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one):
            model: Any = relation.related_model
            if model._meta.label not in STAYS and not hasattr(model, "instance_type"):
                found.append(Link(model, relation.field.name))
    return found


def is_used(account: User) -> bool:
    """Whether somebody signs in with it, or works here with it."""
    return account.is_active and (account.last_login is not None or account.is_administrator or account.is_trainer)


def objection(stays: Listener, goes: Listener) -> str:
    """Why the two cannot be merged now, with what to do about it; empty when they can."""
    if stays.pk == goes.pk:
        return _("Choose two different entries.")
    if stays.merged_into_id or goes.merged_into_id:
        return _("One of the entries was merged already. Choose the one that is used.")
    if stays.pseudonymised_at or goes.pseudonymised_at:
        return _("The personal data of one of the entries are erased; whose they were cannot be told any more.")
    return _shared_cohort(stays, goes) or _two_accounts(stays.user, goes.user)


def _shared_cohort(stays: Listener, goes: Listener) -> str:
    enrolments = list(Enrolment.objects.filter(listener__in=[stays, goes]).select_related("cohort").order_by("pk"))
    ours = [e for e in enrolments if e.listener_id == stays.pk]
    theirs = [e for e in enrolments if e.listener_id == goes.pk]
    cohorts = {e.cohort_id for e in ours}
    if both := [e.cohort.code for e in theirs if e.cohort_id in cohorts]:
        return _(
            "Both entries stand in the same cohort: %(codes)s. One person cannot be there twice, so these are probably "
            "two people. If it is one, withdraw the second place; the two entries then stay apart."
        ) % {"codes": ", ".join(both)}
    at_work = {e.cohort.edition_id: e.cohort.code for e in ours if _takes_part(e)}
    if twice := [e for e in theirs if _takes_part(e) and e.cohort.edition_id in at_work]:
        one, other = at_work[twice[0].cohort.edition_id], twice[0].cohort.code
        return _(
            "They take part in two cohorts of one programme at the same time: %(one)s and %(other)s. Take the person "
            "out of one of them first."
        ) % {"one": one, "other": other}
    return ""


def _takes_part(enrolment: Enrolment) -> bool:
    return enrolment.state in TAKING_PART and enrolment.cohort.state in AT_WORK


def _two_accounts(stays: User | None, goes: User | None) -> str:
    if stays is None or goes is None or not (is_used(stays) and is_used(goes)):
        return ""
    return _(
        "Both entries have an account that is used: %(one)s and %(other)s. Ask the person which one to keep and close "
        "the other under “Accounts” (untick “may sign in”); then merge."
    ) % {"one": stays.email, "other": goes.email}


@transaction.atomic
def merge(*, stays: Listener, goes: Listener, by: User) -> ListenerMerge:
    """Bring two entries of one person together: all that points to `goes` points to `stays` afterwards.

    Contacts, place of work and consent that `stays` lacks are taken from `goes`; its spelling becomes an earlier one.
    The row of `goes` stays with its sealed IIN, by which the person is found from now on too. An account that nobody
    uses is closed when both have one. Merging the same two again returns the same record. Raises `Refused` with what
    to do, see `objection`; then nothing has changed.
    """
    stays, goes = _locked(stays, goes)
    if goes.merged_into_id == stays.pk:
        return ListenerMerge.objects.standing().get(goes=goes)
    if sentence := objection(stays, goes):
        raise Refused(sentence)
    record = ListenerMerge(stays=stays, goes=goes, by=by)
    goes.merged_into = stays
    _keep(goes, f"merged into {stays.pk}", ["merged_into"])  # before anything moves: the triggers ask for it
    record.moved = _move(goes, stays)
    record.before = _take_over(stays, goes)
    _keep(stays, f"merged with {goes.pk}")
    record.save()
    return record


@transaction.atomic
def undo_merge(*, merge: ListenerMerge, by: User) -> ListenerMerge:
    """Take the two apart: what was moved goes back, contacts and accounts are as before unless changed since.

    What came to the person after the merge stays with the entry that stayed. Undoing twice is undoing once. Raises
    `Refused` when that entry was itself merged into another one later, or erased.
    """
    stays, goes = _locked(merge.stays, merge.goes)
    held = ListenerMerge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at:
        return held
    if stays.merged_into_id:
        raise Refused(_("The entry was itself merged into another one later. Undo that first."))
    if stays.pseudonymised_at:
        raise Refused(_("The personal data are erased; this merge cannot be undone any more."))
    _move_back(held)
    _give_back(held, stays, goes)
    goes.merged_into = None
    _keep(goes, f"merge with {stays.pk} undone")
    held.undone_by, held.undone_at = by, timezone.now()
    held.save(update_fields=["undone_by", "undone_at"])
    return held


def _locked(stays: Listener, goes: Listener) -> tuple[Listener, Listener]:
    keys = [stays.pk, goes.pk]
    list(Enrolment.objects.select_for_update().filter(listener__in=keys).order_by("pk").values_list("pk"))
    people = Listener.objects.select_for_update(of=("self",)).select_related("user").order_by("pk").in_bulk(keys)
    return people[stays.pk], people[goes.pk]


def _keep(listener: Listener, why: str, fields: list[str] | None = None) -> None:
    listener._change_reason = why
    listener.save(update_fields=fields)


def _move(goes: Listener, stays: Listener) -> dict[str, list[int]]:
    """Point every row at the entry that stays; which rows those were."""
    moved: dict[str, list[int]] = {}
    for link in relations():
        if keys := list(link.rows(at=goes.pk).order_by("pk").values_list("pk", flat=True)):
            _point(link, keys, stays)
            moved[str(link)] = keys
    return moved


def _point(link: Link, keys: list[int], to: Listener, *, still: int | None = None) -> None:
    try:
        with transaction.atomic():
            link.rows(pk__in=keys, at=still).update(**{link.field: to.pk})
    except IntegrityError as error:
        raise Refused(
            _("Both entries have something of which a person has only one: %(what)s. Settle one of the two first.")
            % {"what": link.model._meta.verbose_name}
        ) from error


def _move_back(merge: ListenerMerge) -> None:
    for link in relations():
        _point(link, merge.moved.get(str(link), []), merge.goes, still=merge.stays_id)


def _take_over(stays: Listener, goes: Listener) -> dict[str, Any]:
    """Fill what the entry that stays lacks, from the other; what it was before."""
    before: dict[str, Any] = {"former_names": list(stays.former_names), "filled": {}}
    wanted = [name for name in FILLED if not getattr(stays, name) and getattr(goes, name)]
    if stays.consent_id is None and goes.consent_id is not None:
        wanted += CONSENT
    for name in wanted:
        setattr(stays, name, getattr(goes, name))
        before["filled"][name] = str(getattr(goes, name))
    stays.remember_spelling(*goes.former_names, goes.full_name)
    before["accounts"] = _settle_accounts(stays, goes)
    return before


def _settle_accounts(stays: Listener, goes: Listener) -> dict[str, int | None]:
    """The account that is used, or the only one, goes to the entry that stays; a second one is closed."""
    before = {"stays": stays.user_id, "goes": goes.user_id, "closed": None}
    taken, left = stays.user, goes.user
    if goes.user and (stays.user is None or _worth(goes.user) > _worth(stays.user)):
        taken, left = goes.user, stays.user
        _give_accounts(stays, goes, taken, left)
    if left and left.is_active and taken is not None:
        left.is_active = False
        left.save(update_fields=["is_active"])
        before["closed"] = left.pk
    return before


def _worth(account: User) -> tuple[bool, bool]:
    return is_used(account), account.is_active


def _give_accounts(stays: Listener, goes: Listener, first: User | None, second: User | None) -> None:
    """One account belongs to one entry, so both let go before either takes."""
    Listener.objects.filter(pk__in=[stays.pk, goes.pk]).update(user=None)
    stays.user, goes.user = first, second
    for listener in (goes, stays):
        Listener.objects.filter(pk=listener.pk).update(user=listener.user)
        if listener.user:
            listener.user.full_name = listener.full_name[:120]
            listener.user.save(update_fields=["full_name"])


def _give_back(merge: ListenerMerge, stays: Listener, goes: Listener) -> None:
    before = merge.before
    for name, value in before["filled"].items():
        if str(getattr(stays, name)) == value:
            setattr(stays, name, None if name.endswith(("_id", "_on")) else "")
    came = {goes.full_name, *goes.former_names} - set(before["former_names"])
    stays.former_names = [name for name in stays.former_names if name not in came]
    accounts = before["accounts"]
    users = User.objects.in_bulk([pk for pk in accounts.values() if pk])
    if {stays.user_id, goes.user_id} == {accounts["stays"], accounts["goes"]}:
        _give_accounts(stays, goes, users.get(accounts["stays"]), users.get(accounts["goes"]))
    if closed := users.get(accounts["closed"]):
        User.objects.filter(pk=closed.pk).update(is_active=True)
    _keep(stays, f"merge with {goes.pk} undone")
