"""One base error whose sentence a user may read; every refusal in the project is one of these."""

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal with a translated sentence that says what is wrong and what can be done.

    `status` is the HTTP status of the page that shows it.
    """

    status = 422

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        """The refusal in the language that is active now."""
        return str(self._sentence)

    def __str__(self) -> str:
        return self.sentence


class Refused(DomainError):
    """The request is understood and may not be carried out."""


class Conflict(DomainError):
    """Somebody else changed the same thing in between."""

    status = 409


class MoveRefused(Conflict):
    """A state change that the allowed-moves table does not list."""

    def __init__(self, sentence: object = _("This step is not possible in the present state.")) -> None:
        super().__init__(sentence)


class TooMany(DomainError):
    """A limit on the number of requests is reached."""

    status = 429

    def __init__(self, sentence: object = _("Too many requests. Please wait a minute and try again.")) -> None:
        super().__init__(sentence)
