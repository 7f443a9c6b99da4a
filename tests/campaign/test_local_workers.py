"""Workers of this machine let nobody else in.

A file of its own: no other cluster of this process opens ports while these are counted.
"""

import socket
import ssl
from contextlib import suppress

import psutil
import pytest

from workbench.campaign import workers


@pytest.mark.parametrize("gpus", [0, 2])
def test_workers_of_this_machine_answer_nobody_without_their_certificate(gpus):
    before = _listening()
    with workers.local_workers(2, gpus) as client:
        assert client.submit(sum, [1, 2]).result() == 3
        ports = _listening() - before
        assert len(ports) >= 3, "a scheduler and two workers listen"
        assert {port for port in ports if _answers(port)} == set()


def _listening() -> set[int]:
    """Ports of this process and its children."""
    own = psutil.Process()
    family = [own, *own.children(recursive=True)]
    found = [connection for process in family for connection in process.net_connections("inet")]
    return {
        connection.laddr.port for connection in found if connection.status == psutil.CONN_LISTEN
    }


def _answers(port: int) -> bool:
    """Whether a stranger gets a word out of this port: in the clear, or by TLS of his own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for wrapped in (lambda raw: raw, context.wrap_socket):
        with suppress(ConnectionError, ssl.SSLError):
            raw = socket.create_connection(("127.0.0.1", port), timeout=5)
            with raw, wrapped(raw) as stream:
                stream.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if stream.recv(64):
                    return True
    return False
