"""QR codes of real pages as a telephone sees them: small, tilted, blurred, badly compressed; and clean."""

import io
import os
import random
import secrets

import pypdfium2
import pytest
import zxingcpp
from django.core.management import call_command
from PIL import Image, ImageFilter

from certificates.papers import render_paper
from certificates.tests.factories import sample

pytestmark = pytest.mark.soak

ROUNDS = int(os.environ.get("SOAK", "1"))
CERTIFICATES, STATEMENTS, TIMES = 20, 10, 2  # of each round: 50 codes, each spoilt twice
MARGIN_MM = 12  # of the page around the code
BLUR_MM = 0.15  # a quarter of a module


def papers(number):
    """Address and file of each."""
    kinds = ["certificate"] * CERTIFICATES + ["attendance"] * (STATEMENTS // 2) + ["support"] * (STATEMENTS // 2)
    for no, kind in enumerate(kinds):
        url = f"https://kurs.example.kz/v/{secrets.token_urlsafe(24)}/"
        yield (
            url,
            render_paper(
                sample(
                    kind=kind, second=("ru", "en")[no % 2], verification_url=url, number=f"SK-2026-{number:03}{no:03}"
                )
            ),
        )


def picture(page, dpi):
    return page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def read(image):
    return [code.text for code in zxingcpp.read_barcodes(image)]


def place(image, dpi):
    """Where the code with some of the page around it lies, in millimetres; AssertionError when it cannot be read."""
    (code,) = zxingcpp.read_barcodes(image)
    corners = [getattr(code.position, name) for name in ("top_left", "top_right", "bottom_left", "bottom_right")]
    xs, ys = ([getattr(corner, axis) / dpi * 25.4 for corner in corners] for axis in ("x", "y"))
    return (min(xs) - MARGIN_MM, min(ys) - MARGIN_MM, max(xs) + MARGIN_MM, max(ys) + MARGIN_MM)


def spoilt(image, dpi, draw):
    """Tilted by up to 6 degrees, blurred, and compressed as JPEG of quality 35."""
    tilted = image.rotate(draw.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    blurred = tilted.filter(ImageFilter.GaussianBlur(draw.uniform(0.5, 1) * BLUR_MM * dpi / 25.4))
    kept = io.BytesIO()
    blurred.save(kept, "JPEG", quality=35)
    return Image.open(kept)


def test_codes_of_rendered_pages_are_read():
    """1,000 spoilt ones with SOAK=10, a tenth without: at least 98 of 100; of the clean ones every one."""
    call_command("build_assets")
    seed = secrets.randbits(32)
    draw, unread, clean, total = random.Random(seed), [], 0, 0
    for number in range(ROUNDS):
        for url, content in papers(number):
            for page in pypdfium2.PdfDocument(content):
                whole = picture(page, 150)
                assert read(whole) == [url]
                clean += 1
                box = place(whole, 150)
                for _ in range(TIMES):
                    dpi = draw.randint(96, 300)
                    code = picture(page, dpi).crop([round(side * dpi / 25.4) for side in box])
                    assert read(code) == [url], f"clean at {dpi} dpi"
                    total += 1
                    seen = read(spoilt(code, dpi, draw))
                    assert seen in ([url], []), "misread"
                    if not seen:
                        unread.append(dpi)
    print(
        f"seed {seed}: {clean} clean pages read, {total - len(unread)} of {total} spoilt codes; unread at {unread} dpi"
    )
    assert total == 100 * ROUNDS
    assert len(unread) <= 0.02 * total
