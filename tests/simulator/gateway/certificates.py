"""Certificates for tests only: a CA, a leaf that it signed, and another CA of the same name and another key. Made with openssl; the keys were
thrown away. The leaf is for web.example.com and *.shop.example.com, and has the URI spiffe://example.com/web."""

from __future__ import annotations

import base64

CA = """\
-----BEGIN CERTIFICATE-----
MIICLDCCAZWgAwIBAgIUMrlB6M/bA+RPyPkUTSSi5ytdF2AwDQYJKoZIhvcNAQEL
BQAwJzEQMA4GA1UECgwHRXhhbXBsZTETMBEGA1UEAwwKRXhhbXBsZSBDQTAgFw0y
NjExMjMxODUzMDlaGA8yMTI2MTAzMDE4NTMwOVowJzEQMA4GA1UECgwHRXhhbXBs
ZTETMBEGA1UEAwwKRXhhbXBsZSBDQTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAnI1doQCFNH4w4AUXL+jAt2UdiohAsupUP7eZYYCQXPvrjh2sIl2GSBFTBkt8
ue0a5VeksR8DxzA3gATauxHM+2iqhgEfnSk0WyjoChtHNxrP+gtXcl082i2BorIx
riukDrk5W5NzY41IdExHxwN8wS93pNWljhcAwrOwRDNfbTkCAwEAAaNTMFEwHQYD
VR0OBBYEFJTO5i0QzxSdDHgk9JnkXIyde9KMMB8GA1UdIwQYMBaAFJTO5i0QzxSd
DHgk9JnkXIyde9KMMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEA
DwDuHoIFCHpxY8wOeWsdyFyJe7E7HjPtsBu5Gi+TxTGi0zcNk9/Vjkz+GDB3N3DK
LWD3jwpeE4N/l/NW1Gmnpt8CwVjDX4JZ6uxdfen4lRnNwYhgYx57LmdvUsMJ59jJ
p6nagRNTFXOcQT0E9R53S4OAFaoqsjpTVXqGAXxivGQ=
-----END CERTIFICATE-----
"""

OTHER_CA = """\
-----BEGIN CERTIFICATE-----
MIICLDCCAZWgAwIBAgIUEbVBjmVQeud4jTit3byEHOE4jkIwDQYJKoZIhvcNAQEL
BQAwJzEQMA4GA1UECgwHRXhhbXBsZTETMBEGA1UEAwwKRXhhbXBsZSBDQTAgFw0y
NjExMjMxODUzMDlaGA8yMTI2MTAzMDE4NTMwOVowJzEQMA4GA1UECgwHRXhhbXBs
ZTETMBEGA1UEAwwKRXhhbXBsZSBDQTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAwKvMBslI8rX1HuZYrHHY3IvVyLqFSIVFTtdhawB8l8tm7pSWyuMm+S8ig+BG
2hxOdL5sTpPVSgBhPDqriC98VuhwZe8s8Vlx230exvHTeaEDN06jcU5S385gzQ4T
4kV7thg0rLXVS9qBNobPA+D/uj1eBnvuG6A+Ao5MLds6JvUCAwEAAaNTMFEwHQYD
VR0OBBYEFHv1rvOCv7IAR6HQlKQe/ohgvznlMB8GA1UdIwQYMBaAFHv1rvOCv7IA
R6HQlKQe/ohgvznlMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEA
oYMYpLvdiOJ8zwPQLAWcHhPssPej+EuaVOBJkoE+WKVP5i/XJfrmj4X7jWXRV5Q4
nYAi1O7TW9E/SP3K/saS5CtAsMdDF8ns47wGTJRN+nCynSLClsOsDyFWra6yuDpy
WzVbSYEw+a/hB+td0FXB9GRkaCUWwM3m0mvoFv8HIYk=
-----END CERTIFICATE-----
"""

LEAF = """\
-----BEGIN CERTIFICATE-----
MIICYDCCAcmgAwIBAgIUUiO63ogDxlSL6VCDu+vo0frR4OcwDQYJKoZIhvcNAQEL
BQAwJzEQMA4GA1UECgwHRXhhbXBsZTETMBEGA1UEAwwKRXhhbXBsZSBDQTAgFw0y
NjExMjMxODUzMDlaGA8yMTI2MTAzMDE4NTMwOVowIDEQMA4GA1UECgwHRXhhbXBs
ZTEMMAoGA1UEAwwDd2ViMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDO2GCu
bAbFTiB2JtMvVpyI2f56TCSPCpvRR/dl0j0KU7dgUO/7KG7axUbNkYRcbHY+wzph
9eFQchBcOygqOUTzD2ZfLd0UrtdsS7fVc1ZVgdUltMBvmolRlVTo9cI+4k626uCH
u6gfUvOtHkeHm9m3L/VTf6I6Bbi/MVDakUU6IwIDAQABo4GNMIGKMEgGA1UdEQRB
MD+CD3dlYi5leGFtcGxlLmNvbYISKi5zaG9wLmV4YW1wbGUuY29thhhzcGlmZmU6
Ly9leGFtcGxlLmNvbS93ZWIwHQYDVR0OBBYEFDwNUgyLLhLy6OUU8q8VkIg0HMq+
MB8GA1UdIwQYMBaAFJTO5i0QzxSdDHgk9JnkXIyde9KMMA0GCSqGSIb3DQEBCwUA
A4GBAC+W0i6ITcdfA0mkNuI47IkUsFbJTYg4ui8HEJmx8efnLqc3KLXafTtaJPZX
zG6+xBRU+ef70lbSBqfda7khkKTN6HAZD+vGN7CXQTzEZ3LPyjAln2c3jlhpN66e
i87pKfJQkWOVfM3JkrIp20YTAnk36pypiKoCjqSOyW/+i889
-----END CERTIFICATE-----
"""

ELLIPTIC = """\
-----BEGIN CERTIFICATE-----
MIIBcjCCARegAwIBAgIUT8dvmzju0ybg3UJTaIoY+YSW+KYwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCZWMwIBcNMjYxMTIzMTg1MzA5WhgPMjEyNjEwMzAxODUzMDla
MA0xCzAJBgNVBAMMAmVjMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOX3Igved
wykokTJ7Wg2eyGO5o/4yJ5NiZtvloFSJNzOIbPv4bQoZP3BpSAV7+q4Q/1ChViFm
pY4qnCh3Khqx8aNTMFEwHQYDVR0OBBYEFNwAarhg0bd7i8UMY9gaIBE3uBfAMB8G
A1UdIwQYMBaAFNwAarhg0bd7i8UMY9gaIBE3uBfAMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSQAwRgIhANOxJPBp14Nd/IWZK2evBZFln/McZUHNPxvDiQXS
M9tyAiEAqNsfkFzxcOCbfMtamDiXCSeb004vGjX9wWw4hf4e0d0=
-----END CERTIFICATE-----
"""

KEY = "-----BEGIN " + "PRIVATE KEY-----\nc3RhbmQtaW4=\n-----END " + "PRIVATE KEY-----\n"
"""A stand-in of the right form: nobody's key."""


def secret(name: str, namespace: str = "shop", certificate: str = LEAF, key: str = KEY) -> str:
    """A TLS Secret as YAML."""
    encoded = {part: base64.b64encode(text.encode()).decode() for part, text in (("crt", certificate), ("key", key))}
    return f"""
---
apiVersion: v1
kind: Secret
metadata: {{name: {name}, namespace: {namespace}}}
type: kubernetes.io/tls
data: {{tls.crt: {encoded["crt"]}, tls.key: {encoded["key"]}}}
"""


def authority(name: str, namespace: str = "shop", certificate: str = CA) -> str:
    """A ConfigMap with a CA certificate as YAML."""
    lines = "".join(f"    {line}\n" for line in certificate.splitlines())
    return f"""
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}}}
data:
  ca.crt: |
{lines}"""
