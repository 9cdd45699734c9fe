"""The first version of the course agreement; the institute edits it until somebody has accepted it."""

from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "agreement_texts"


def write(apps, schema_editor):
    AgreementText = apps.get_model("enrollment", "AgreementText")
    texts = {code: (TEXTS / f"version_1.{code}.txt").read_text(encoding="utf-8").strip() for code in ("kk", "ru", "en")}
    AgreementText.objects.get_or_create(
        version=1, defaults={"text": texts["kk"]} | {f"text_{code}": text for code, text in texts.items()}
    )


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0003_first_consent_text")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
