"""The RCSB PDB and the AlphaFold database on this machine, for whatever asks through a proxy.

A program that heeds ``HTTPS_PROXY`` and ``REQUESTS_CA_BUNDLE``, as biotite does, comes here in
place of the network: real requests, real TLS, and answers such as the databases give.
"""

import json
import os
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RCSB, AFDB = "models.rcsb.org", "alphafold.com"


class Databases(ThreadingHTTPServer):
    """A proxy that answers for both databases itself.

    ``requests`` are the addresses that were asked for, and ``files`` what there is: contents by the
    name of the file. While ``silent``, no request is answered.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Proxy)
        self.certificate = _certificate(folder)
        self.requests: list[str] = []
        self.files: dict[str, bytes] = {}
        self.silent = False

    @property
    def environment(self) -> dict[str, str]:
        """What sends a program here."""
        proxy = f"http://127.0.0.1:{self.server_port}"
        return {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""} | {
            "REQUESTS_CA_BUNDLE": os.fspath(self.certificate)
        }

    def answer(self, host: str, path: str) -> tuple[int, bytes]:
        """Status and content for one address."""
        self.requests.append(f"{host}{path}")
        name = path.rsplit("/", 1)[1]
        if "/api/" in path:
            file = f"{name}.cif"
            entries = [{"cifUrl": f"https://{host}/{file}"}] if file in self.files else []
            return 200, json.dumps(entries).encode()
        content = self.files.get(name)
        return (404, b"404 Not Found") if content is None else (200, content)


class _Proxy(BaseHTTPRequestHandler):
    server: Databases

    def do_CONNECT(self) -> None:
        """Be the host that the client wants a tunnel to."""
        host = self.path.rsplit(":", 1)[0]
        self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        with context.wrap_socket(self.connection, server_side=True) as inner:
            request = inner.makefile("rb").readline().decode()
            if self.server.silent:
                inner.recv(1 << 16)
                return
            status, content = self.server.answer(host, request.split()[1])
            head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(content)}\r\nConnection: close"
            inner.sendall(f"{head}\r\n\r\n".encode() + content)

    def log_message(self, *_: object) -> None:
        """Requests are noted in ``requests``."""


def _certificate(folder: Path) -> Path:
    """A certificate for both hosts with its key, which nobody else trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, RCSB)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(h) for h in (RCSB, AFDB)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "databases.pem"
    path.write_bytes(private + certificate.public_bytes(encoding))
    return path
