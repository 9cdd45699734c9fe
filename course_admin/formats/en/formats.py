"""English as it is written in Britain and Kazakhstan: day first, week from Monday, a 24-hour clock.

Short dates have points, as on every paper of the institute: 15/01 beside 15.01 would only raise questions.
"""

from course_admin import formats

DATE_FORMAT = "j F Y"  # 15 January 2026
TIME_FORMAT = "H:i"  # 09:30
DATETIME_FORMAT = "j F Y, H:i"  # 15 January 2026, 09:30
YEAR_MONTH_FORMAT = "F Y"  # January 2026
MONTH_DAY_FORMAT = "j F"  # 15 January
SHORT_DATE_FORMAT = "d.m.Y"  # 15.01.2026
SHORT_DATETIME_FORMAT = "d.m.Y H:i"  # 15.01.2026 09:30
FIRST_DAY_OF_WEEK = formats.MONDAY

DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = formats.TIME_INPUT_FORMATS
DATETIME_INPUT_FORMATS = formats.DATETIME_INPUT_FORMATS

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
