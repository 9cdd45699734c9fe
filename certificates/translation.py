"""A signatory's position stands in three languages."""

from modeltranslation.translator import TranslationOptions, translator

from certificates.models import Signatory


class SignatoryTranslation(TranslationOptions):
    fields = ["position"]


translator.register(Signatory, SignatoryTranslation)
