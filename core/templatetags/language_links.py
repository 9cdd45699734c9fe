"""Links to the same page in another language."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def this_page_in(context: template.Context, code: str) -> str:
    """The present address with `lang=code`; other query parameters stay. Outside a request: the parameter alone."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return f"?lang={code}"
    query["lang"] = code
    return f"?{query.urlencode()}"
