"""An archive that is made while it is sent."""

import io
import zipfile

from core.zipping import Member, stream_zip


def test_archive_is_read_back_whole():
    members = [Member("а.txt", [b"1", b"2" * 100_000]), Member("b/c.pdf", [b"%PDF"], packed=True), Member("empty", [])]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream_zip(members))))
    assert archive.testzip() is None
    assert [(i.filename, i.file_size, i.compress_type) for i in archive.infolist()] == [
        ("а.txt", 100_001, zipfile.ZIP_DEFLATED),
        ("b/c.pdf", 4, zipfile.ZIP_STORED),
        ("empty", 0, zipfile.ZIP_DEFLATED),
    ]


def test_members_are_asked_for_one_after_the_other():
    asked = []

    def members():  # type: ignore[no-untyped-def]
        for number in range(3):
            asked.append(number)
            yield Member(f"{number}", [b"x" * 10], packed=True)

    stream = stream_zip(members())
    assert b"x" * 10 in next(stream) + next(stream)
    assert asked == [0]
    stream.close()  # who listens has gone: nothing else is asked for
    assert asked == [0]


def test_archive_of_nothing_is_an_archive():
    assert zipfile.ZipFile(io.BytesIO(b"".join(stream_zip([])))).namelist() == []
