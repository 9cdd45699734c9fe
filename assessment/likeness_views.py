"""Two works that share much text, side by side, for trainers of either cohort."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.likening import with_sides
from assessment.models import Likeness
from assessment.side_by_side import lay_out


@never_cache
@require_safe
def likeness_show(request: HttpRequest, pk: int) -> HttpResponse:
    """The passages that two works share; the other cohort's text and name only for whoever may see them anyway."""
    visible = Likeness.objects.visible_to(request.user).values("pk")
    likeness = get_object_or_404(with_sides().filter(pk__in=visible), pk=pk)
    compared = lay_out(likeness, request.user)
    context = {"likeness": likeness, "compared": compared, "columns": [compared.earlier, compared.later]}
    return render(request, "assessment/likeness_show.html", context)
