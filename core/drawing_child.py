"""Draws one page of a PDF, or a picture made small, in a process of its own: content in, a WebP out.

`python drawing_child.py pdf PAGE` or `python drawing_child.py picture 1`. Killed by a limit or by a flaw of a parser,
the file cannot be drawn. Knows nothing of Django.
"""

import io
import resource
import sys
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 400 * MEGABYTE
SECONDS = 10  # of the processor
WIDTH = 1200  # pixels of a page
TALLEST = 2400
LARGEST = (1600, 1600)  # pixels of a picture
MOST_PIXELS = 80_000_000
WHITE = (255, 255, 255)


def draw_page(content: bytes, number: int) -> Any:
    """The page as a picture, so wide; a long strip is made smaller."""
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, TALLEST / height)
    return page.render(scale=scale).to_pil().convert("RGB")


def draw_picture(content: bytes) -> Any:
    """The picture upright, on white, without what its camera wrote into it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice as many before it reads them
    picture: Any = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    picture.draft("RGB", LARGEST)
    picture.thumbnail(LARGEST)
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        ground = Image.new("RGB", picture.size, WHITE)
        drawing = picture.convert("RGBA")
        ground.paste(drawing, mask=drawing.getchannel("A"))
        picture = ground
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def main() -> int:
    """Draw and write; see above."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    picture = draw_page(content, int(sys.argv[2])) if sys.argv[1] == "pdf" else draw_picture(content)
    picture.info = {}
    stored = io.BytesIO()
    picture.save(stored, "WEBP", quality=82, method=2)
    sys.stdout.buffer.write(stored.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
