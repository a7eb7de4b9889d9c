"""Who is no broker, or says nothing, is told within its time. What real brokers say is in tests/whole/test_kafka.py."""

import socket
import threading

import pytest

from minos_worker.stats.kafka_groups import ask_groups
from minos_worker.stats.readers import PageFailed


def test_who_refuses_connections_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(PageFailed, match="does not tell its consumer groups"):
            ask_groups(f"127.0.0.1:{port}", 0.3)
    assert threading.active_count() == before, "what the library began is left behind"


def test_who_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(PageFailed, match="consumer groups"):
        ask_groups(f"127.0.0.1:{server.getsockname()[1]}", 1.0)


def test_who_speaks_something_else_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        end = threading.Event()

        def speak() -> None:
            server.settimeout(0.1)
            while not end.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(100)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        try:
            with pytest.raises(PageFailed, match="consumer groups"):
                ask_groups(f"127.0.0.1:{server.getsockname()[1]}", 1.0)
        finally:
            end.set()
            thread.join()
