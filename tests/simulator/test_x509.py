"""What a certificate says, and whether its signature stands."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from simulator.x509 import certificates, pem_blocks
from tests.simulator.gateway.certificates import CA, ELLIPTIC, LEAF, OTHER_CA


def test_names() -> None:
    """DNS names and URIs of the alternative names; a wildcard stands for one label."""
    leaf = certificates(LEAF)[0]
    assert leaf.dns_names == ("web.example.com", "*.shop.example.com")
    assert leaf.uris == ("spiffe://example.com/web",)
    told = {
        host: leaf.names_host(host) for host in ("WEB.example.com", "a.shop.example.com", "a.b.shop.example.com", "shop.example.com", "")
    }
    assert list(told.values()) == [True, True, False, False, False]


def test_signatures() -> None:
    """An authority of the same name and another key has not signed it; other algorithms than RSA are not verified."""
    leaf, ca, other, elliptic = (certificates(text)[0] for text in (LEAF, CA, OTHER_CA, ELLIPTIC))
    assert leaf.signed_by(ca) is True
    assert leaf.signed_by(other) is False
    assert leaf.signed_by(elliptic) is False
    assert ca.signed_by(ca) is True
    assert elliptic.signed_by(elliptic) is None


def test_several_blocks_and_other_text() -> None:
    """Text around the blocks, and blocks of other kinds, play no part."""
    text = f"hello\n{CA}\n{LEAF}\n-----BEGIN NOTE-----\nAAAA\n-----END NOTE-----\n"
    assert len(certificates(text)) == 2
    assert pem_blocks(text, "KEY") == []


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(content: bytes) -> None:
    """Whatever stands in a Secret is no certificate, or one; never an error."""
    certificates(f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(content).decode()}\n-----END CERTIFICATE-----\n")


@given(st.integers(0, 500), st.integers(0, 255))
def test_a_damaged_certificate_is_read_without_an_exception(position: int, value: int) -> None:
    """One wrong byte in a good certificate at most makes it unreadable."""
    der = bytearray(pem_blocks(LEAF, "CERTIFICATE")[0])
    der[position % len(der)] = value
    for read in certificates(f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(bytes(der)).decode()}\n-----END CERTIFICATE-----\n"):
        read.signed_by(certificates(CA)[0])
