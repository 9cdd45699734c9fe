"""What must always hold about requests: an order in force behind what is carried out, and every paper with its file."""

import hashlib
from collections.abc import Iterator

from enrollment.models import MovementRequest, OrderState, RequestState, SupportingPaper


def broken() -> Iterator[str]:
    """One line per broken invariant; reads every paper, so it takes its time. One without a file was erased."""
    ordered = MovementRequest.objects.filter(state=RequestState.ORDERED)
    for pk in ordered.exclude(order_lines__order__state=OrderState.SIGNED).values_list("pk", flat=True):
        yield f"request {pk}: carried out, but no order in force says so"
    undecided = MovementRequest.objects.exclude(state=RequestState.ORDERED)
    for pk in undecided.filter(order_lines__order__state=OrderState.SIGNED).distinct().values_list("pk", flat=True):
        yield f"request {pk}: an order in force carries it out, but it says otherwise"
    for paper in SupportingPaper.objects.exclude(file="").order_by("pk").iterator(chunk_size=100):
        if not _is_whole(paper):
            yield f"paper {paper.pk}: its file is lost or not as it was stored"


def _is_whole(paper: SupportingPaper) -> bool:
    try:
        with paper.file.open("rb") as file:
            content = file.read()
    except OSError:
        return False
    return (len(content), hashlib.sha256(content).hexdigest()) == (paper.size, paper.sha256)
