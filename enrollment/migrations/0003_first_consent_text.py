"""The first version of the consent, so that the first list can be imported; the institute edits it until it is used."""

from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "consent_texts"


def write(apps, schema_editor):
    ConsentText = apps.get_model("enrollment", "ConsentText")
    texts = {code: (TEXTS / f"version_1.{code}.txt").read_text(encoding="utf-8").strip() for code in ("kk", "ru", "en")}
    ConsentText.objects.get_or_create(
        version=1, defaults={"text": texts["kk"]} | {f"text_{code}": text for code, text in texts.items()}
    )


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0002_frozen")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
