"""A TCP connection with no opinion about HTTP: what is sent is what the test says."""
import socket
import ssl


class RawSocket:
    """One connection. Every wait ends after `seconds` with TimeoutError.

        with RawSocket(program.port) as raw:
            raw.send(b"GET /healthz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
            status, headers, body = raw.response()
    """

    def __init__(self, port, host="127.0.0.1", seconds=10.0, tls=False, source=None):
        self.socket = socket.create_connection((host, port), timeout=seconds,
                                               source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
        self._read = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the connection."""
        self.socket.close()

    def send(self, data):
        """Sends all the bytes."""
        self.socket.sendall(data)

    def half_close(self):
        """Says that nothing more will be sent; answers can still come."""
        self.socket.shutdown(socket.SHUT_WR)

    def response(self, to_head=False):
        """The next answer: (status, headers with lower-case names, body). `to_head`: it answers a
        HEAD request and so has no body. ConnectionError when the server closed instead."""
        head = self._until(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if to_head or status in (204, 304) or 100 <= status < 200:
            return status, headers, b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return status, headers, b"".join(self._chunks())
        if "content-length" in headers:
            return status, headers, self._exactly(int(headers["content-length"]))
        return status, headers, self.rest()

    def rest(self):
        """All bytes until the server closes. A reset counts as a close."""
        while self._fill():
            pass
        data, self._read = self._read, b""
        return data

    def is_closed(self, seconds=5.0):
        """Whether the server closes within the time without sending another byte."""
        self.socket.settimeout(seconds)
        try:
            return not self._read and not self._fill()
        except TimeoutError:
            return False

    def _fill(self):
        try:
            data = self.socket.recv(65_536)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        self._read += data
        return data

    def _until(self, end):
        while end not in self._read:
            if not self._fill():
                raise ConnectionError(f"closed after {self._read[:200]!r}")
        data, _, self._read = self._read.partition(end)
        return data

    def _exactly(self, count):
        while len(self._read) < count:
            if not self._fill():
                raise ConnectionError(f"closed {count - len(self._read)} bytes too early")
        data, self._read = self._read[:count], self._read[count:]
        return data

    def _chunks(self):
        while True:
            size = int(self._until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                while self._until(b"\r\n"):
                    pass
                return
            yield self._exactly(size)
            self._exactly(2)
