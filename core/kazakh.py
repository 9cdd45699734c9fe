"""Kazakh dates, order and search (being written)."""


def sort_key(text: str) -> str:
    return text.casefold()


def search_key(text: str) -> str:
    return text.casefold()
