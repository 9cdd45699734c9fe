"""How long a certificate is valid."""

from datetime import date


def valid_until(issued_on: date, years: int = 3) -> date:
    """The last day of validity: the same day `years` later; 29 February becomes 28 February (R4, I7).

    The day itself still counts. Raises ValueError for a term below one year.
    """
    if years < 1:
        raise ValueError("a certificate is valid for at least one year")
    try:
        return issued_on.replace(year=issued_on.year + years)
    except ValueError:
        return issued_on.replace(year=issued_on.year + years, day=28)
