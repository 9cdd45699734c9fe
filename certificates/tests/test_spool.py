"""Notes of checks: in files of their own, without anybody in them, whatever happens to the disk."""

import os
from pathlib import Path

import pytest
import time_machine

from certificates import spool


@pytest.fixture
def at():  # type: ignore[no-untyped-def]
    """`with at("10:00:30"):` on the fifth of October 2026, in Almaty."""
    return lambda clock, day=5: time_machine.travel(f"2026-10-{day:02}T{clock}+05:00", tick=False)


def files(settings):  # type: ignore[no-untyped-def]
    return sorted(Path(settings.CHECKS_FOLDER).glob("*"))


def test_note_is_a_way_and_a_number_and_nothing_else(at, settings):
    with at("10:00:30"):
        spool.note("page", "SK-2026-000001")
        spool.note("list", None, "SK-2026-000002", None)
    (path,) = files(settings)
    assert path.read_text() == "page\tSK-2026-000001\nlist\t\nlist\tSK-2026-000002\nlist\t\n"
    assert path.stat().st_mode & 0o777 == 0o600
    notes = spool.read(path)
    assert (str(notes.day), dict(notes.found), dict(notes.not_found)) == (
        "2026-10-05",
        {("page", "SK-2026-000001"): 1, ("list", "SK-2026-000002"): 1},
        {"list": 2},
    )


def test_each_minute_has_its_file_and_is_read_once_it_is_over(at, settings):
    with at("10:00:30"):
        spool.note("page", None)
    with at("10:01:01"):
        spool.note("page", None)
        assert (len(files(settings)), list(spool.finished())) == (2, [])
    with at("10:02:00"):
        assert list(spool.finished()) == files(settings)[:1]
    with at("10:03:00"):
        assert list(spool.finished()) == files(settings)


def test_day_is_the_local_one(at, settings):
    with at("04:59:59"):
        spool.note("page", None)
    with at("23:59:59"):
        spool.note("page", None)
    assert [str(spool.read(path).day) for path in files(settings)] == ["2026-10-05", "2026-10-05"]
    with at("00:00:00", day=6):
        spool.note("page", None)
    assert str(spool.read(files(settings)[2]).day) == "2026-10-06"


def test_folder_that_cannot_be_written_to_loses_the_note_and_nothing_else(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.CHECKS_FOLDER = str(tmp_path / "file")
    spool.note("page", "SK-2026-000001")
    assert "checks are not counted: " in caplog.text
    settings.CHECKS_FOLDER = str(tmp_path / "checks")
    spool.note("page", "SK-2026-000001")
    assert len(files(settings)) == 1


def test_process_that_parts_from_another_has_a_file_of_its_own(settings):
    with time_machine.travel("2026-10-05T10:00:00+05:00", tick=False):
        spool.note("page", "SK-2026-000001")
        child = os.fork()
        if child == 0:
            spool.note("page", "SK-2026-000002")
            os._exit(0)
        os.waitpid(child, 0)
        spool.note("page", "SK-2026-000003")
    texts = sorted(path.read_text() for path in files(settings))
    assert texts == ["page\tSK-2026-000001\npage\tSK-2026-000003\n", "page\tSK-2026-000002\n"]


def test_line_that_was_cut_short_and_what_is_no_note_are_passed_over(settings):
    folder = Path(settings.CHECKS_FOLDER)
    folder.mkdir()
    path = folder / f"29687280-host-1-x{spool.ENDING}"
    path.write_bytes(b"page\tSK-2026-000001\n\xff\xfe\nnothing\npage\tSK-2026-0000")
    (folder / "notes.txt").write_text("page\tSK-2026-000001\n")
    (folder / f"x{spool.ENDING}").write_text("page\tSK-2026-000001\n")
    assert list(spool.finished()) == [path]
    assert spool.read(path).found.total() == 1
