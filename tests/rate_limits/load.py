"""Many requests at a steady rate, and what came of them."""
import collections
import http.client
import threading
import time

from harness.client import exchange


class Load:
    """`rate` requests a second for so many seconds, from threads that each keep a connection to
    every port and take the ports in turn.

        load = Load([program.port], "GET", "/api/v1/me", headers, rate=100).run(4)
        load.statuses[200], load.seconds, load.percentile(0.99)
    """

    def __init__(self, ports, method, target, headers, rate, body=None, threads=16,
                 source="127.0.0.1"):
        self._ports, self._method, self._target = ports, method, target
        self._headers, self._body, self._rate = headers, body, rate
        self._threads, self._source = threads, source
        self._lock = threading.Lock()
        self._end = None
        self._workers = []
        self.statuses = collections.Counter()
        self.answers = []  # (seconds since the beginning, status, header lines)
        self.took = []
        self.begun = None
        self.seconds = 0.0

    def start(self, seconds=600):
        """Begins, without waiting."""
        self.begun = time.monotonic()
        self._end = self.begun + seconds
        self._workers = [threading.Thread(target=self._work, args=(n,))
                         for n in range(self._threads)]
        for worker in self._workers:
            worker.start()
        return self

    def stop(self):
        """Ends it now; then the results are there."""
        self._end = 0
        return self.wait()

    def wait(self):
        for worker in self._workers:
            worker.join()
        self.answers.sort(key=lambda answer: answer[0])
        self.took.sort()
        self.seconds = (self.answers[-1][0] - self.answers[0][0]) if self.answers else 0.0
        return self

    def run(self, seconds):
        return self.start(seconds).wait()

    def percentile(self, part):
        """Milliseconds that this part of the answers took at most."""
        return self.took[min(len(self.took) - 1, int(len(self.took) * part))] * 1e3

    def _work(self, number):
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=10,
                                                  source_address=(self._source, 0))
                       for port in self._ports]
        turn = number
        while True:
            due = self.begun + turn / self._rate
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            begun = time.monotonic()
            if begun > self._end:
                break
            connection = connections[turn % len(connections)]
            turn += self._threads
            try:
                answer = exchange(connection, self._method, self._target, self._body,
                                  self._headers)
                status, lines = answer.status, answer.headers
            except (OSError, http.client.HTTPException):
                connection.close()
                status, lines = 0, {}
            ended = time.monotonic()
            with self._lock:
                self.statuses[status] += 1
                self.answers.append((ended - self.begun, status, lines))
                self.took.append(ended - begun)
        for connection in connections:
            connection.close()
