"""What keeps the application from starting."""

import pytest

from certificates.checks import LOGO_BYTES, check_logo


def test_shipped_mark_is_fit():
    assert check_logo(None) == []


@pytest.mark.parametrize(
    ("name", "size", "fault"),
    [
        ("none.svg", None, "E005"),
        ("mark.gif", 10, "E005"),
        ("mark.png", LOGO_BYTES + 1, "E006"),
        ("mark.PNG", 10, None),
    ],
)
def test_unfit_mark_is_told(settings, tmp_path, name, size, fault):
    settings.INSTITUTE_LOGO = str(tmp_path / name)
    if size:
        (tmp_path / name).write_bytes(b"x" * size)
    assert [error.id for error in check_logo(None)] == ([f"certificates.{fault}"] if fault else [])
