"""What the score sheet's script says: sentences that the page hands to it, so that they are translated here."""

from django.utils.translation import gettext as _


def sentences() -> dict[str, str]:
    """By name; places to fill stand as %(name)s."""
    return {
        "refused": _("“%(criterion)s”: only a whole number from 0 to %(maximum)s."),
        "stands": _("Not saved; %(points)s stands."),
        "nothing": _("Not saved."),
        "empty": _("empty"),
        "conflict": _("“%(criterion)s”: yours %(mine)s, theirs %(theirs)s (%(name)s, %(when)s)."),
        "keep": _("Keep mine: %(points)s"),
        "take": _("Take theirs: %(points)s"),
        "gone": _("This listener is no longer in your list. Please reload the page."),
        "saved": _("All saved"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved: %(count)s"),
        "lost": _("No connection. What you typed stays on this page and is saved as soon as the connection is back."),
        "signed_out": _(
            "You are signed out. What you typed stays on this page: "
            "sign in again in another window, then press “Try now”."
        ),
        "complete": _("Complete: %(done)s of %(all)s"),
        "missing": _("missing: %(count)s"),
        "changed": _("%(name)s changed: %(listener)s, “%(criterion)s”"),
        "undo": _("Undo (%(count)s)"),
        "undone": _("Taken back: %(count)s"),
        "undone_partly": _("Taken back: %(count)s. Changed by others since and kept: %(kept)s"),
        "why_undo": _("taken back"),
        "why_fill": _("filled down"),
        "why_paste": _("pasted block"),
        "fill_ask": _("Write %(points)s into the empty cells below? Cells: %(count)s"),
        "paste_count": _("Changes: %(count)s. The same already: %(same)s."),
        "paste_names": _("The listeners were found by the names in the first column."),
        "paste_lost": _("Rows without a listener here: %(count)s."),
        "paste_refused": _("Cells that are no whole number in range, and stay as they are: %(count)s."),
        "paste_no_column": _("There is no such cell to write in."),
        "shown": _("Shown: %(count)s of %(all)s"),
        "restore_ask": _("Typed before the page was left and not saved: %(count)s. Bring it back?"),
        "comment_stored": _("The comment is stored."),
        "comment_lost": _("No connection: the comment was not stored. Please open the cell again."),
        "list_changed": _("The list has changed: someone joined, left or was decided on. Please reload the page."),
    }
