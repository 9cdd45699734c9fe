"""Russian: Django's own, with two digits for the hour (09:30, not 9:30) and the month declined after a day."""

from course_admin import formats

DATE_FORMAT = "j E Y г."  # 15 января 2026 г.
TIME_FORMAT = "H:i"  # 09:30
DATETIME_FORMAT = "j E Y г., H:i"  # 15 января 2026 г., 09:30
YEAR_MONTH_FORMAT = "F Y г."  # Январь 2026 г.
MONTH_DAY_FORMAT = "j E"  # 15 января
SHORT_DATE_FORMAT = "d.m.Y"  # 15.01.2026
SHORT_DATETIME_FORMAT = "d.m.Y H:i"  # 15.01.2026 09:30
FIRST_DAY_OF_WEEK = formats.MONDAY

DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = formats.TIME_INPUT_FORMATS
DATETIME_INPUT_FORMATS = formats.DATETIME_INPUT_FORMATS

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = formats.NO_BREAK_SPACE
NUMBER_GROUPING = 3
