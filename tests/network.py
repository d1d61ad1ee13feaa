"""A corporate network on loopback: an authority of its own, a server with its certificate, and a proxy on the way.

Only bytes are moved here: what is said is between syncbot and the sandbox.
"""

from __future__ import annotations

import datetime as dt
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_PIECE = 65_536


class Listener:
    """A server on 127.0.0.1 that hands each connection to ``serve``, in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self._serve(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def join(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one end has had enough. One thread does both: TLS does not like two."""
    with suppress(OSError), one, other:
        while True:
            waits = isinstance(one, ssl.SSLSocket) and one.pending()
            for source in [one] if waits else select.select([one, other], [], [])[0]:
                piece = source.recv(_PIECE)
                if not piece:
                    return
                (other if source is one else one).sendall(piece)


@contextmanager
def secure(folder: Path, host: str, port: int) -> Iterator[int]:
    """A port that speaks TLS as ``host`` and leads to a plain one. ``folder``/ca.pem is the authority to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder, host))

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
            secured.do_handshake()
            join(secured, socket.create_connection(("127.0.0.1", port)))

    with Listener(serve) as listener:
        yield listener.port


@contextmanager
def proxy(routes: dict[str, int], asked: list[str]) -> Iterator[str]:
    """A proxy that knows hosts which no name server knows, and notes what it was asked; its address."""

    def serve(connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(_PIECE)
            if not piece:
                return
            head += piece
        line = head.split(b"\r\n", 1)[0].decode()
        method, target, _ = line.split(" ")
        asked.append(f"{method} {target}")
        host = target.partition(":")[0] if method == "CONNECT" else urlsplit(target).hostname
        if host not in routes:
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        far = socket.create_connection(("127.0.0.1", routes[host]))
        if method == "CONNECT":
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = target[target.index("/", len("http://")) :]
            # One request a connection, so that each is seen.
            far.sendall(head.replace(target.encode(), path.encode(), 1).replace(b"keep-alive", b"close"))
        join(connection, far)

    with Listener(serve) as listener:
        yield f"http://127.0.0.1:{listener.port}"


def certificate(folder: Path, host: str) -> Path:
    """A file with a key and a certificate for this host, signed by a new authority, which is put into ca.pem."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Corp Authority")])
    root = (
        _certificate(issuer, issuer, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    leaf = (
        _certificate(issuer, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), own.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(key + leaf.public_bytes(pem))
    return folder / "server.pem"


def _certificate(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
