"""A mypy plugin: `request.user` is one of our users.

The policy middleware refuses everybody who is not signed in on every page that is not public, and public pages do not
ask who reads them. Django's types must allow for an anonymous person everywhere.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type
from mypy_django_plugin.lib import helpers


def _our_user(context: AttributeContext) -> Type:
    info = helpers.lookup_fully_qualified_typeinfo(helpers.get_typechecker_api(context), "accounts.models.User")
    return Instance(info, []) if info else context.default_attr_type


class SignedIn(Plugin):
    """Before Django's own plugin in the list, so that it is asked first."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """The type of `request.user`."""
        return _our_user if fullname == "django.http.request.HttpRequest.user" else None


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return SignedIn
