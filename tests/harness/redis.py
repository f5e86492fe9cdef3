"""Redis for tests: a throwaway server on loopback, and one that only pretends."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from harness.ports import free_port


class Redis:
    """A redis-server of its own on a free port of 127.0.0.1, which keeps nothing on disk.

        with Redis(folder) as redis:
            Program(env={"REDIS_URL": redis.url})
            redis.pause()
    """

    def __init__(self, folder, password=None, port=None):
        self.port = port or free_port()
        self.password = password
        entry = f":{password}@" if password else ""
        self.url = f"redis://{entry}127.0.0.1:{self.port}"
        self._log = pathlib.Path(folder) / f"redis-{self.port}.log"
        self._server = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self, seconds=20):
        """Starts it and waits until it answers."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--dir", str(self._log.parent)]
        if self.password:
            command += ["--requirepass", self.password]
        with self._log.open("ab") as out:
            self._server = subprocess.Popen(command, stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL)
        end = time.monotonic() + seconds
        while True:
            try:
                self.command("PING")
                return self
            except OSError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"Redis does not start: {self._log.read_text()[-500:]}")
                time.sleep(0.02)

    def kill(self):
        """kill -9, in whatever state it is."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(20)
            self._server = None

    def pause(self):
        """SIGSTOP: connections stay open and nothing is answered."""
        os.kill(self._server.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self._server.pid, signal.SIGCONT)

    def command(self, *words):
        """One command; gives the answer as it stands on the wire, at most 64 KiB of it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            if self.password:
                connection.sendall(_wire("AUTH", self.password))
                connection.recv(65536)
            connection.sendall(_wire(*words))
            return connection.recv(65536)


def _wire(*words):
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        word = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
    return b"".join(parts)


# What a server may say instead of an answer.
GARBAGE = {
    "no protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "a text": b"+OK\r\n",
    "an error": b"-ERR wrong\r\n",
    "out of memory": b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    "nothing": b"$-1\r\n",
    "one number": b":1\r\n",
    "two numbers": b"*2\r\n:1\r\n:0\r\n",
    "texts": b"*3\r\n$1\r\n1\r\n$1\r\n0\r\n$1\r\n0\r\n",
    "too large numbers": b"*3\r\n:1\r\n:9223372036854775807\r\n:0\r\n",
    "negative numbers": b"*3\r\n:1\r\n:-5\r\n:0\r\n",
    "refused without a time": b"*3\r\n:0\r\n:0\r\n:0\r\n",
    "a giant array": b"*2147483647\r\n",
    "a giant text": b"$2147483000\r\n",
    "deep arrays": b"*1\r\n" * 100,
    "half an answer": b"*3\r\n:1\r\n",
    "the script is missing, for ever": b"-NOSCRIPT No matching script.\r\n",
}


@contextlib.contextmanager
def pretender(port, answer, greeting=b":1\r\n", drip=0.0):
    """A server on 127.0.0.1:port that answers `answer` to everything, but `greeting` to what the
    program asks to see whether it is there; `drip`: a byte at a time, with so many seconds
    between."""
    stopping = threading.Event()
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(0.1)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            connection.settimeout(0.1)
            while not stopping.is_set():
                try:
                    asked = connection.recv(65536)
                except TimeoutError:
                    continue
                if not asked:
                    return
                sent = greeting if b"{processes}" in asked else answer
                for piece in ([sent] if not drip else [bytes([byte]) for byte in sent]):
                    connection.sendall(piece)
                    if drip and stopping.wait(drip):
                        return

    def accept():
        with listener:
            while not stopping.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
