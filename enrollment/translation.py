"""The consent text stands in three languages."""

from modeltranslation.translator import TranslationOptions, translator

from enrollment.models import ConsentText


class ConsentTextTranslation(TranslationOptions):
    fields = ["text"]


translator.register(ConsentText, ConsentTextTranslation)
