"""What stands in three languages: texts that people accept, and positions as papers print them."""

from modeltranslation.translator import TranslationOptions, translator

from enrollment.models import AgreementText, CommissionMember, ConsentText, Signatory


class TextTranslation(TranslationOptions):
    fields = ["text"]


class PositionTranslation(TranslationOptions):
    fields = ["position"]
    # A paper is printed in Kazakh and mostly in Russian; English falls back to Kazakh.
    required_languages = ["kk", "ru"]


translator.register(AgreementText, TextTranslation)
translator.register(ConsentText, TextTranslation)
translator.register(CommissionMember, PositionTranslation)
translator.register(Signatory, PositionTranslation)
