"""What `make run` does before it serves."""

import socket

import pytest
from django.core.management import CommandError
from django.test import override_settings

from core.models import Heartbeat
from course_admin.management.commands import run_course


def test_taken_port_is_refused_in_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 cannot be used .* PORT={port + 1} make run"):
            run_course.refuse_taken_port(port)
    run_course.refuse_taken_port(port)


def test_unchanged_static_files_are_collected_once(tmp_path):
    with override_settings(VAR=tmp_path, STATIC_ROOT=tmp_path / "static"):
        run_course.collect_static()
        assert (tmp_path / "static" / "core" / "house.css").exists() is True
        (tmp_path / "static" / "staticfiles.json").write_text("{}")
        (tmp_path / "static" / "core" / "house.css").unlink()
        run_course.collect_static()
        assert (tmp_path / "static" / "core" / "house.css").exists() is False
        (tmp_path / "static.stamp").write_text("of an older version")
        run_course.collect_static()
        assert (tmp_path / "static" / "core" / "house.css").exists() is True


def test_start_forgets_earlier_signs_of_life(db):
    Heartbeat.objects.create(name="worker", at="2026-09-07T09:00:00+05:00")
    run_course.ask_for_a_first_sign_of_life()
    assert Heartbeat.objects.count() == 0


@pytest.mark.parametrize("demo", [True, False])
def test_welcome_names_accounts_only_where_the_demonstration_is_on(demo):
    with override_settings(DEMO=demo, DEMO_PASSWORD="сынақ-2026"):
        text = run_course.welcome("http://127.0.0.1:8000", 7.4)
    assert ("admin@demo.kz" in text, "сынақ-2026" in text) == (demo, demo)
    assert "http://127.0.0.1:8000/verify/" in text
