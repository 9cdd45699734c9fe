"""The drill: documents are issued, replaced, revoked; the database is lost between two backups; all is as before."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation

pytestmark = pytest.mark.servers
EMPTIED = re.compile(r"^course\.sqlite3")


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> Iterator[Installation]:  # type: ignore[no-untyped-def]
    """With a backup, and with what is answered to every token after much has happened since."""
    folder = tmp_path_factory.mktemp("restore")
    made = Installation(folder / "one").prepare()
    told = made.call("lived", folder=str(folder / "backups"))
    made.protocol, made.backup = told["protocol"], Path(told["backup"])
    made.asked, made.answers = told["asked"], told["answers"]
    made.journal = (made.folder / "journal" / "documents.jsonl").read_bytes()
    yield made
    made.close()


@pytest.fixture
def lived(one):  # type: ignore[no-untyped-def]
    """The journal as it was then."""
    (one.folder / "journal" / "documents.jsonl").write_bytes(one.journal)
    return one


def destroy(installation: Installation) -> None:
    """Nothing is left of the database."""
    if "DATABASE_URL" in installation.environment:
        installation._server(f"DROP DATABASE {installation._database}")
        installation._server(f"CREATE DATABASE {installation._database}")
        return
    for path in installation.folder.iterdir():
        if EMPTIED.match(path.name):
            path.unlink()


def statuses(answers) -> list[str]:  # type: ignore[no-untyped-def]
    return sorted(by_token[0] for by_token, _by_number in answers.values())


def test_backup_is_put_back_only_where_it_may_be(lived, tmp_path):
    before = lived.call("verdicts", asked=lived.asked)
    with pytest.raises(AssertionError, match="The database is not empty"):
        lived.manage("restore", str(lived.backup))
    broken = tmp_path / "broken"
    shutil.copytree(lived.backup, broken)
    (broken / "database").write_bytes((broken / "database").read_bytes() + b"x")
    with pytest.raises(AssertionError, match="is damaged: database is not as it was written"):
        lived.manage("restore", "--replace", str(broken))
    manifest = json.loads((lived.backup / "manifest.json").read_text())
    (broken / "manifest.json").write_text(json.dumps(manifest | {"files": {}, "digest": "0" * 64}))
    shutil.copy(lived.backup / "database", broken / "database")
    with pytest.raises(AssertionError, match="is not the one of this backup"):
        lived.manage("restore", "--replace", str(broken))
    assert lived.call("verdicts", asked=lived.asked) == before


def test_every_token_is_answered_as_before_and_no_number_is_given_twice(lived):
    assert statuses(lived.answers) == ["replaced"] * 3 + ["revoked"] * 3 + ["valid"] * 5
    destroy(lived)
    shutil.rmtree(lived.folder / "documents")
    told = lived.manage("restore", str(lived.backup))
    assert "All invariants hold." in told
    assert "only the journal knows, verifiable all the same: 5" in told
    assert lived.call("verdicts", asked=lived.asked) == lived.answers
    again = lived.manage("restore")
    assert "new to the database: 0." in again
    numbers = sorted(lived.asked.values())
    (next_one,) = lived.call("papers", protocol=lived.protocol, first=8, last=9)
    assert int(next_one[-6:]) == int(numbers[-1][-6:]) + 1 == 12
    lived.manage("verify_journal")


def put_back_by_hand(installation: Installation) -> None:
    """What a technician in a hurry does: the database, and not the journal."""
    destroy(installation)
    code = (
        "from pathlib import Path; from course_admin import backup;"
        f"backup._load(Path({str(installation.backup / 'database')!r}))"
    )
    installation.manage("shell", "-v0", "-c", code)


def test_database_put_back_by_hand_issues_nothing_before_the_journal_is_replayed(lived):
    put_back_by_hand(lived)
    with pytest.raises(AssertionError, match="nothing is issued: the file has lines"):
        lived.call("papers", protocol=lived.protocol, first=8, last=9)
    with pytest.raises(AssertionError, match="the database does not know it"):
        lived.manage("verify_journal")
    lived.manage("restore")
    (number,) = lived.call("papers", protocol=lived.protocol, first=8, last=9)
    assert number.endswith("-000012")


def test_journal_that_is_lost_too_comes_from_the_backup(lived):
    destroy(lived)
    (lived.folder / "journal" / "documents.jsonl").unlink()
    lived.manage("restore", str(lived.backup))
    lived.manage("verify_journal")
    answers = lived.call("verdicts", asked=lived.asked)
    assert statuses(answers) == ["not_found"] * 5 + ["valid"] * 6  # as many as the backup knows, and all of them
