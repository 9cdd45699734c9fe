"""Ways of making the same signed certificate with appendix: ours, naive WeasyPrint, a stamped template, typst."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import qrcode
import qrcode.image.svg
import typst
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from certificates.papers import FOLDER, facts_file, paper_html, prepare, render_paper
from certificates.qr import qr_mark
from core.pdf import FAMILIES, fonts_folder
from core.pdf_signing import open_key
from course_admin.management.commands.build_assets import FACES

PASSWORD = "invented"
EMPTY = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
TYPST = Path(__file__).with_name("paper.typ")
Snapshot = dict[str, Any]
Way = Callable[[Snapshot], bytes]


def ours(key: str) -> Way:
    """As the worker does it."""
    prepare()
    opened = open_key(key, PASSWORD)
    return lambda snapshot: opened.sign(render_paper(snapshot), at=timezone.now())


def naive(key: str) -> Way:
    """As the first pages of WeasyPrint's, qrcode's and pyHanko's documentation show it, with the same properties.

    Variable fonts as they come, rules and ornaments read each time, the code an SVG picture, the library's own signer.
    """

    def make(snapshot: Snapshot) -> bytes:
        code = qrcode.make(snapshot["verification_url"], image_factory=qrcode.image.svg.SvgPathImage).to_string()
        picture = f"data:image/svg+xml;base64,{base64.b64encode(code).decode()}"
        body = paper_html(snapshot).replace(EMPTY, picture)
        fonts = FontConfiguration()
        family_of = {stem: family for family, stem in FAMILIES.items()}
        faces = "\n".join(
            f'@font-face {{ font-family: "{family_of[f.stem]}"; font-weight: {f.weight}; '
            f'font-style: {"italic" if f.italic else "normal"}; src: url("{f.source.as_uri()}") }}'
            for f in FACES
        )
        under = (
            f'@page {{ background: url("{(FOLDER / "appendix.svg").as_uri()}") }}'
            f'@page :first {{ background: url("{(FOLDER / "certificate.svg").as_uri()}") }}'
        )
        sheets = [CSS(string=faces + under, font_config=fonts)]
        sheets += [CSS(filename=str(FOLDER / name), font_config=fonts) for name in ("paper.css", "certificate.css")]
        facts = facts_file(snapshot)
        attached = Attachment(file_obj=io.BytesIO(facts.content), name=facts.name, relationship="Alternative")
        paper = HTML(
            string=f"<!doctype html><html lang='kk'><title>{snapshot['number']}</title><body>{body}</body></html>"
        )
        content = paper.write_pdf(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3u", pdf_tags=True, attachments=[attached]
        )
        return signed(content, signers.SimpleSigner.load_pkcs12(key, passphrase=PASSWORD.encode()))

    return make


def signed(content: bytes, signer: signers.Signer) -> bytes:
    """With the library's own signer, as its documentation shows it."""
    metadata = signers.PdfSignatureMetadata(field_name="Signature", subfilter=fields.SigSeedSubFilter.PADES)
    output: io.BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), metadata, signer=signer)
    return output.getvalue()


def stamped(key: str) -> Way:
    """A lower bound, not a way to go: a finished paper opened, its code drawn anew, saved and signed.

    Words that change would still have to be shaped, measured and tagged.
    """
    opened = open_key(key, PASSWORD)
    templates: list[bytes] = []

    def make(snapshot: Snapshot) -> bytes:
        if not templates:
            templates.append(render_paper(snapshot))
        with pikepdf.open(io.BytesIO(templates[0])) as pdf:
            for page in pdf.pages:
                mark = qr_mark(snapshot["verification_url"], 32)
                page.contents_add(b"/Artifact BMC\nq\n" + mark + b"\nQ\nEMC", prepend=True)
            output = io.BytesIO()
            pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return opened.sign(output.getvalue(), at=timezone.now())

    return make


def typeset(key: str) -> Way:
    """Typst: the same words and tables without our ornament, tagged PDF/A-3a with the facts attached, signed."""
    fonts = typst.Fonts(font_paths=[str(fonts_folder())], include_system_fonts=False)
    opened = open_key(key, PASSWORD)
    compiler = typst.Compiler(str(TYPST), root=str(TYPST.parent), font_paths=fonts)

    def make(snapshot: Snapshot) -> bytes:
        said = snapshot | {"facts": facts_file(snapshot).content.decode()}
        content: bytes = compiler.compile(
            format="pdf", sys_inputs={"snapshot": json.dumps(said)}, pdf_standards=["a-3a"], timestamp=1_790_000_000
        )
        return opened.sign(content, at=timezone.now())

    return make
