"""Programme content stands in Kazakh with Russian and English beside it."""

from modeltranslation.translator import TranslationOptions, translator

from programs import models

_FIELDS = {
    models.Programme: ["title"],
    models.ProgrammeEdition: ["title", "kind", "audience", "summary", "acknowledgement"],
    models.Module: ["title", "task", "outcome", "summary"],
    models.Material: ["title"],
    models.EditionItem: ["text"],
    models.Term: ["term", "definition"],
    models.Criterion: ["title", "short", "topic"],
    models.Level: ["title", "text"],
    models.Band: ["title", "short"],
}
for model, fields in _FIELDS.items():
    translator.register(model, type(f"{model.__name__}Translation", (TranslationOptions,), {"fields": fields}))
