"""What stands in three languages: assignments, and the lines of the competence checklist."""

from modeltranslation.translator import TranslationOptions, translator

from assessment.models import Assignment, Competence


class AssignmentTranslation(TranslationOptions):
    fields = ["title", "instructions"]


class CompetenceTranslation(TranslationOptions):
    fields = ["text", "short"]


translator.register(Assignment, AssignmentTranslation)
translator.register(Competence, CompetenceTranslation)
