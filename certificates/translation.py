"""A signatory's position stands in three languages."""

from modeltranslation.translator import TranslationOptions, translator

from certificates.models import Signatory


class SignatoryTranslation(TranslationOptions):
    fields = ["position"]
    # A paper is printed in Kazakh and mostly in Russian; English falls back to Kazakh.
    required_languages = ["kk", "ru"]


translator.register(Signatory, SignatoryTranslation)
