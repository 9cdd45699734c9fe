"""How dates and numbers look in each language; Django finds the modules by FORMAT_MODULE_PATH.

What a person types is read the same way whatever the language of the page is: day first, with points, or the
ISO form. Django adds the ISO forms with seconds by itself. The first form of each list is also the one in which
a field shows its value, hence without seconds: nothing here is planned to the second.
"""

DATE_INPUT_FORMATS = [
    "%d.%m.%Y",  # 15.01.2026
    "%Y-%m-%d",  # 2026-01-15
    "%d.%m.%y",  # 15.01.26
    "%d/%m/%Y",  # 15/01/2026
]
TIME_INPUT_FORMATS = [
    "%H:%M",  # 09:30
    "%H:%M:%S",
    "%H:%M:%S.%f",
]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M",  # 15.01.2026 09:30
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",  # 2026-01-15 09:30
    "%Y-%m-%dT%H:%M",  # 2026-01-15T09:30, as a browser's own field sends it
]

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MONDAY = 1
