"""Ports for servers of the tests."""
import random
import socket

# From 32768 on the kernel gives ports to outgoing connections.
FIRST, LAST = 20_000, 32_000


def free_port(host="127.0.0.1"):
    """A TCP port of the loopback that nobody listens on just now. Drawn at random, so that two
    tests that look at the same time hardly ever get the same."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(100):
        port = random.randint(FIRST, LAST)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port on {host}")
