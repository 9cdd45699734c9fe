"""How papers name the ways in which a course is held; fixed apart from the pages' translations."""

from programs.models import StudyFormat

STUDY_FORMATS: dict[str, dict[str, str]] = {
    StudyFormat.FULL_TIME: {"kk": "күндізгі", "ru": "очная", "en": "full-time"},
    StudyFormat.DISTANCE: {"kk": "қашықтан", "ru": "дистанционная", "en": "distance"},
    StudyFormat.BLENDED: {"kk": "күндізгі-қашықтан (аралас)", "ru": "очно-дистанционная", "en": "blended"},
}
