"""The queue that needs no server."""

from queue import Empty

import pytest
from kombu import Connection


@pytest.fixture
def queue(tmp_path):
    """A SimpleQueue over a folder; `queue.folder` is where its files lie."""
    folder = tmp_path / "in"
    folder.mkdir()
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("folder://", transport_options=options | {"polling_interval": 0.01}) as connection:
        # Kombu remembers in the process which queues are bound, so each test has a queue of its own.
        queue = connection.SimpleQueue(tmp_path.name)
        queue.folder = folder
        yield queue
        queue.close()


def take(queue):
    message = queue.get(timeout=0.1)
    message.ack()
    return message.payload


def test_messages_come_in_the_order_of_sending(queue):
    for number in range(12):
        queue.put({"number": number})
    assert [take(queue)["number"] for _ in range(12)] == list(range(12))
    assert list(queue.folder.iterdir()) == []


def test_a_message_that_is_still_being_written_is_not_seen(queue):
    (queue.folder / f".00000000000000000001_x.{queue.queue.name}.msg").write_text('{"half')
    with pytest.raises(Empty):
        queue.get(timeout=0.05)


def test_a_file_that_is_no_message_is_dropped(queue):
    (queue.folder / f"00000000000000000001_x.{queue.queue.name}.msg").write_text("")
    queue.put({"number": 1})
    assert take(queue) == {"number": 1}
    assert list(queue.folder.iterdir()) == []


def test_an_unacknowledged_message_returns_when_the_worker_stops_in_order(queue):
    queue.put({"number": 1})
    queue.get(timeout=0.1)
    queue.channel.close()
    assert len(list(queue.folder.iterdir())) == 1
