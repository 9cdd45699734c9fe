"""The journal's file: it only grows, and whatever is done to it is found."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import journal_file
from certificates.journal_file import JournalBrokenError

NAMES = ["Әлімов Айбек", "Қасымова Әсел\nсерік", "x" * 70_000, '","line":1}', "\U0001f600"]


def write(path: Path, *entries: dict[str, object]) -> list[journal_file.Line]:
    with journal_file.held(path) as file:
        lines, end = journal_file.last_lines(file, 0)
        return journal_file.append(file, end, lines[-1] if lines else None, entries)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:  # type: ignore[no-untyped-def]
    """A journal of five lines, one of them longer than a block."""
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    for name in NAMES:
        write(path, {"name": name})
    return path.read_bytes()


def names(path: Path) -> list[object]:
    return [line.entry["name"] for line in journal_file.read(path)]


def test_what_is_written_is_read(tmp_path, whole):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(whole)
    assert names(path) == NAMES
    assert [line.no for line in journal_file.read(path)] == [1, 2, 3, 4, 5]
    assert list(journal_file.read(tmp_path / "none")) == []


def test_file_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "folder" / "journal.jsonl"
    write(path, {"name": "a"})
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("after", range(6))
def test_last_lines_are_those_from_the_one_that_is_known(tmp_path, whole, after):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(whole)
    with journal_file.held(path) as file:
        lines, end = journal_file.last_lines(file, after)
    assert ([line.no for line in lines], end) == (list(range(max(after, 1), 6)), len(whole))


def test_a_line_that_was_not_finished_is_written_over(tmp_path, whole):
    path = tmp_path / "journal.jsonl"
    for left in (b"{", b'{"before":"', whole[:100]):
        path.write_bytes(whole + left)
        assert names(path) == NAMES
        write(path, {"name": "next"})
        assert names(path) == [*NAMES, "next"]


def test_full_disk_leaves_the_file_as_it_was(tmp_path, whole):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(whole)
    child = os.fork()
    if child == 0:  # a limit of the file's size is a disk that is full
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 40, len(whole) + 40))
        try:
            write(path, {"name": "too much for it"})
        except OSError:
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert path.read_bytes() == whole


def damaged(whole: bytes, path: Path) -> bool:
    """Whether reading finds a fault, or fewer lines than were written."""
    path.write_bytes(whole)
    try:
        return len(names(path)) < len(NAMES)
    except JournalBrokenError:
        return True


@settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(tmp_path, whole, data):
    place = data.draw(st.integers(0, len(whole) - 1) | st.integers(0, 900))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != whole[place]))
    assert damaged(whole[:place] + bytes([byte]) + whole[place + 1 :], tmp_path / "journal.jsonl")


@settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_line_left_out_doubled_or_moved_is_found(tmp_path, whole, data):
    lines = whole.splitlines(keepends=True)
    changed = data.draw(
        st.lists(st.sampled_from(range(len(lines))), min_size=1, max_size=7).filter(lambda ls: ls[:5] != list(range(5)))
    )
    assert damaged(b"".join(lines[n] for n in changed), tmp_path / "journal.jsonl")


@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_cut_leaves_fewer_lines(tmp_path, whole, data):
    assert damaged(whole[: data.draw(st.integers(0, len(whole) - 1))], tmp_path / "journal.jsonl")


@pytest.mark.parametrize("change", ["edit", "swap", "drop", "first"])
def test_appending_to_a_damaged_end_is_refused(tmp_path, whole, change):
    lines = whole.splitlines(keepends=True)
    if change == "edit":
        lines[4] = lines[4].replace("\U0001f600".encode(), b"face")
    elif change == "swap":
        lines[3], lines[4] = lines[4], lines[3]
    elif change == "drop":
        del lines[3]
    else:
        del lines[0]
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines))
    with pytest.raises(JournalBrokenError):
        write(path, {"name": "next"})
    assert path.read_bytes() == b"".join(lines)
