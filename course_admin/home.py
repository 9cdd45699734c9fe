"""Where each person arrives: the public home, and after sign-in what is theirs to do today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Role


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public home page."""
    return render(request, "home/public.html")


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """After sign-in: administrators to the admin panel, trainers to their cohorts, listeners to their course."""
    for role, name in ((Role.ADMINISTRATOR, "admin:index"), (Role.TRAINER, "trainer_home"), (Role.LISTENER, "my_course")):
        if role in request.user.roles:
            return redirect(name)
    return redirect("home")


@require_safe
def trainer_home(request: HttpRequest) -> HttpResponse:
    """A trainer's day."""
    return render(request, "home/trainer.html")


@require_safe
def my_course(request: HttpRequest) -> HttpResponse:
    """A listener's course."""
    return render(request, "home/listener.html")
