"""Kazakh, which Django has no formats for.

Cyrillic letters are never format characters, so «жылғы» needs no escaping. Month names come from the catalogue in
the nominative and in lower case: «2026 жылғы 15 қаңтар».
"""

from course_admin import formats

DATE_FORMAT = "Y жылғы j F"  # 2026 жылғы 15 қаңтар
TIME_FORMAT = "H:i"  # 09:30
DATETIME_FORMAT = "Y жылғы j F, H:i"  # 2026 жылғы 15 қаңтар, 09:30
YEAR_MONTH_FORMAT = "Y жылғы F"  # 2026 жылғы қаңтар
MONTH_DAY_FORMAT = "j F"  # 15 қаңтар
SHORT_DATE_FORMAT = "d.m.Y"  # 15.01.2026
SHORT_DATETIME_FORMAT = "d.m.Y H:i"  # 15.01.2026 09:30
FIRST_DAY_OF_WEEK = formats.MONDAY

DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = formats.TIME_INPUT_FORMATS
DATETIME_INPUT_FORMATS = formats.DATETIME_INPUT_FORMATS

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = formats.NO_BREAK_SPACE
NUMBER_GROUPING = 3
