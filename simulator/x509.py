"""What a certificate says: names, issuer, and whether an authority signed it.

Responsible for: reading PEM blocks and the few fields of X.509 that TLS between proxies depends on, checking RSA signatures.
Leaves to others: which certificate is shown to whom (`controllers.gateway_references`, `dataplane.gateway_tls`). Validity dates are not
judged, since the simulator has no clock; a signature other than RSA PKCS#1 v1.5 is not verified (`signed_by` answers None).
Mirrors: RFC 7468 (PEM), X.690 (DER), RFC 5280 (certificates), RFC 8017 (RSASSA-PKCS1-v1_5), RFC 6125 (wildcard names).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*?)-----END \1-----")
_SEQUENCE, _INTEGER, _OID, _EXTENSIONS = 0x30, 0x02, 0x06, 0xA3
_DNS, _URI = 0x82, 0x86
_ALTERNATIVE_NAMES = bytes.fromhex("551d11")
_RSA_KEY = bytes.fromhex("2a864886f70d010101")
_RSA_SIGNATURES = {
    bytes.fromhex("2a864886f70d01010b"): ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
    bytes.fromhex("2a864886f70d01010c"): ("sha384", bytes.fromhex("3041300d060960864801650304020205000430")),
    bytes.fromhex("2a864886f70d01010d"): ("sha512", bytes.fromhex("3051300d060960864801650304020305000440")),
}
"""Signature algorithm -> hash name and the DER prefix of its DigestInfo."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`issuer` and `subject` are the DER of the names, to be compared; `key` is (modulus, exponent), None where it is not RSA."""

    issuer: bytes
    subject: bytes
    dns_names: tuple[str, ...]
    uris: tuple[str, ...]
    key: tuple[int, int] | None
    signed: bytes
    algorithm: bytes
    signature: bytes

    def names_host(self, host: str) -> bool:
        """Whether a DNS name of the certificate is this host."""
        return names_host(self.dns_names, host)

    def signed_by(self, authority: Certificate) -> bool | None:
        """Whether `authority` issued and signed this certificate; None where only the names could be compared."""
        if self.issuer != authority.subject:
            return False
        if authority.key is None or self.algorithm not in _RSA_SIGNATURES:
            return None
        modulus, exponent = authority.key
        name, prefix = _RSA_SIGNATURES[self.algorithm]
        digest = prefix + hashlib.new(name, self.signed).digest()
        size = (modulus.bit_length() + 7) // 8
        padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
        return pow(int.from_bytes(self.signature, "big"), exponent, modulus) == int.from_bytes(padded, "big")


def names_host(names: Iterable[str], host: str) -> bool:
    """Whether one of a certificate's DNS names is this host; a wildcard stands for exactly one label."""
    wanted = host.lower().rstrip(".")
    parent = wanted.partition(".")[2]
    return any(n == wanted or (n.startswith("*.") and parent != "" and n[2:] == parent) for n in map(str.lower, names))


def pem_blocks(text: str, label: str) -> list[bytes]:
    """The decoded PEM blocks whose label ends in `label` ("CERTIFICATE", "PRIVATE KEY"); what is malformed is left out."""
    found = []
    for kind, body in _PEM.findall(text):
        if kind.endswith(label):
            try:
                found.append(base64.b64decode("".join(body.split()), validate=True))
            except binascii.Error:
                continue
    return found


def certificates(text: str) -> list[Certificate]:
    """The certificates of a PEM text that can be read; empty where there is none."""
    found = []
    for der in pem_blocks(text, "CERTIFICATE"):
        try:
            found.append(_certificate(der))
        except (ValueError, IndexError):
            continue
    return found


def _certificate(der: bytes) -> Certificate:
    outer = _child(der, _SEQUENCE)
    body_tag, body, body_whole = next(_fields(outer))
    if body_tag != _SEQUENCE:
        raise ValueError("no TBSCertificate")
    _, (_, algorithm, _), (_, signature, _) = _fields(outer)
    fields = [f for f in _fields(body) if f[0] != 0xA0]  # [0] is the version
    _serial, _algorithm, issuer, _validity, subject, key, *rest = fields
    dns, uris = _alternative_names(rest)
    return Certificate(
        issuer=issuer[2],
        subject=subject[2],
        dns_names=dns,
        uris=uris,
        key=_rsa_key(key[1]),
        signed=body_whole,
        algorithm=_child(algorithm, _OID),
        signature=signature[1:],
    )


def _alternative_names(fields: list[tuple[int, bytes, bytes]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for tag, content, _ in fields:
        if tag != _EXTENSIONS:
            continue
        for _, extension, _ in _fields(_child(content, _SEQUENCE)):
            parts = list(_fields(extension))
            if parts[0][1] == _ALTERNATIVE_NAMES:
                names = list(_fields(_child(parts[-1][1], _SEQUENCE)))
                return (
                    tuple(n.decode("latin-1") for t, n, _ in names if t == _DNS),
                    tuple(n.decode("latin-1") for t, n, _ in names if t == _URI),
                )
    return (), ()


def _rsa_key(info: bytes) -> tuple[int, int] | None:
    (_, algorithm, _), (_, bits, _) = _fields(info)
    if _child(algorithm, _OID) != _RSA_KEY:
        return None
    numbers = [content for tag, content, _ in _fields(_child(bits[1:], _SEQUENCE)) if tag == _INTEGER]
    modulus, exponent = (int.from_bytes(n, "big") for n in numbers)
    return (modulus, exponent) if 256 <= modulus.bit_length() <= 16384 and 0 < exponent < 1 << 64 else None


def _child(der: bytes, tag: int) -> bytes:
    """The content of the first field, which must have this tag."""
    found, content, _ = next(_fields(der), (None, b"", b""))
    if found != tag:
        raise ValueError("unexpected DER tag")
    return content


def _fields(der: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The fields that follow each other in DER: tag, content, and the whole encoding."""
    at = 0
    while at < len(der):
        tag, length, start = der[at], der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(der[start : start + size], "big"), start + size
        if start + length > len(der):
            raise ValueError("DER field longer than its container")
        yield tag, der[start : start + length], der[at : start + length]
        at = start + length
