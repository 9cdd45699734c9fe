"""Course materials as listeners and trainers see them."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from enrollment import course_materials
from programs.materials import open_file


@require_safe
def my_materials(request: HttpRequest) -> HttpResponse:
    """The materials of the listener's courses; before the agreement, why they are closed."""
    shelves = course_materials.shelves_of_listener(request.user)
    return render(request, "enrollment/my_materials.html", {"shelves": shelves})


@require_safe
def trainer_materials(request: HttpRequest) -> HttpResponse:
    """The materials of the editions that the trainer teaches by."""
    shelves = course_materials.shelves_of_trainer(request.user)
    return render(request, "enrollment/trainer_materials.html", {"shelves": shelves})


@require_safe
def material_download(request: HttpRequest, pk: int) -> FileResponse:
    """One file, as an attachment of the type that its content has."""
    material = get_object_or_404(course_materials.visible_to(request.user).exclude(file=""), pk=pk)
    response = FileResponse(
        open_file(material), as_attachment=True, filename=material.name, content_type=material.content_type
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
