"""A line to the console that counts what it carries."""

import contextlib
import socket
import threading


class CountedLine:
    """Relays TCP connections at ``port`` to ``target``; ``down`` counts the bytes that came from there."""

    def __init__(self, target: int) -> None:
        self.target, self._lock, self.down = target, threading.Lock(), 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(here,), daemon=True).start()

    def _relay(self, here: socket.socket) -> None:
        with contextlib.suppress(OSError), here, socket.create_connection(("127.0.0.1", self.target)) as there:
            up = threading.Thread(target=self._copy, args=(here, there, False), daemon=True)
            up.start()
            self._copy(there, here, True)
            up.join()

    def _copy(self, source: socket.socket, target: socket.socket, down: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
                if down:
                    with self._lock:
                        self.down += len(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
