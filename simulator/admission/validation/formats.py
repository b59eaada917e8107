"""The formats that names, labels, ports and addresses must have: each test gives the server's complaints, or none.

Mirrors: apimachinery `pkg/util/validation` (`validation.go`, `ip.go`) and `pkg/api/validate/content`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_LABEL_VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_ENV_NAME_FAULT = "a valid environment variable name must consist only of printable ASCII characters other than '='"
_HTTP_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"

IP_FAULT = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
CIDR_FAULT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"

_label = re.compile(_LABEL + r"\Z").match
_subdomain = re.compile(_SUBDOMAIN + r"\Z").match
_wildcard = re.compile(r"\*\." + _SUBDOMAIN + r"\Z").match
_label_value = re.compile(_LABEL_VALUE + r"\Z").match
_qualified = re.compile(_QUALIFIED + r"\Z").match

Format = Callable[[str], list[str]]


def too_long(limit: int) -> str:
    return f"must be no more than {limit} characters"


def out_of_range(low: int, high: int) -> str:
    return f"must be between {low} and {high}, inclusive"


def regex_fault(message: str, pattern: str, *examples: str) -> str:
    """apimachinery's RegexError, with its double space between examples."""
    if not examples:
        return f"{message} (regex used for validation is '{pattern}')"
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{message} (e.g. {shown}regex used for validation is '{pattern}')"


def dns_label(value: str) -> list[str]:
    faults = [too_long(63)] if len(value) > 63 else []
    if not _label(value):
        if _subdomain(value):
            faults.append("must not contain dots")
        else:
            message = (
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
                "alphanumeric character"
            )
            faults.append(regex_fault(message, _LABEL, "my-name", "123-abc"))
    return faults


def dns_subdomain(value: str) -> list[str]:
    faults = [too_long(253)] if len(value) > 253 else []
    if not _subdomain(value):
        message = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
            "alphanumeric character"
        )
        faults.append(regex_fault(message, _SUBDOMAIN, "example.com"))
    return faults


def wildcard_subdomain(value: str) -> list[str]:
    faults = [too_long(253)] if len(value) > 253 else []
    if not _wildcard(value):
        message = (
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case "
            "alphanumeric characters, '-' or '.' and end with an alphanumeric character"
        )
        faults.append(regex_fault(message, r"\*\." + _SUBDOMAIN, "*.example.com"))
    return faults


@lru_cache(4096)
def _label_value_faults(value: str) -> tuple[str, ...]:
    faults = [too_long(63)] if len(value) > 63 else []
    if not _label_value(value):
        message = (
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            "alphanumeric character"
        )
        faults.append(regex_fault(message, _LABEL_VALUE, "MyValue", "my_value", "12345"))
    return tuple(faults)


def label_value(value: str) -> list[str]:
    return list(_label_value_faults(value))


@lru_cache(4096)
def _qualified_name_faults(value: str) -> tuple[str, ...]:
    faults: list[str] = []
    prefix, slash, name = value.rpartition("/")
    message = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    examples = ("MyName", "my.name", "123-abc")
    if value.count("/") > 1:
        fault = regex_fault(f"a qualified name {message}", _QUALIFIED, *examples)
        return (f"{fault} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",)
    if slash:
        faults += [f"prefix part {fault}" for fault in dns_subdomain(prefix)] if prefix else ["prefix part must be non-empty"]
    if not name:
        faults.append("name part must be non-empty")
    elif len(name) > 63:
        faults.append(f"name part {too_long(63)}")
    if not _qualified(name):
        faults.append(f"name part {regex_fault(message, _QUALIFIED, *examples)}")
    return tuple(faults)


def qualified_name(value: str) -> list[str]:
    """The key of a label or annotation: an optional domain, a slash, a name."""
    return list(_qualified_name_faults(value))


def port_number(value: int) -> list[str]:
    return [] if 1 <= value <= 65535 else [out_of_range(1, 65535)]


def port_name(value: str) -> list[str]:
    """The name of a container's port, which a targetPort refers to."""
    faults = [too_long(15)] if len(value) > 15 else []
    if not re.match(r"[-a-z0-9]+\Z", value):
        faults.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        faults.append("must contain at least one letter (a-z)")
    if "--" in value:
        faults.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        faults.append("must not begin or end with a hyphen")
    return faults


def path_segment(value: str) -> list[str]:
    """A name that stands in a URL as it is (`content.IsPathSegmentName`)."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{part}'" for part in ("/", "%") if part in value]


def config_key(value: str) -> list[str]:
    faults = [too_long(253)] if len(value) > 253 else []
    if not re.match(_CONFIG_KEY + r"\Z", value):
        message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        faults.append(regex_fault(message, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    elif value == ".":
        faults.append("must not be '.'")
    elif value.startswith(".."):
        faults.append("must not be '..'" if value == ".." else "must not start with '..'")
    return faults


def environment_name(value: str) -> list[str]:
    if not value:
        return ["environment variable name must be non-empty"]
    return [] if all(" " <= c <= "~" and c != "=" for c in value) else [_ENV_NAME_FAULT]


def domain_prefixed_path(value: str) -> list[tuple[str, str]]:
    """A controller's name such as `k8s.io/ingress-nginx`: (what is shown as bad, the complaint) for each fault."""
    host, slash, path = value.partition("/")
    if not slash or not host or not path:
        return [(value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
    faults = [(host, fault) for fault in dns_subdomain(host)]
    if not re.match(_HTTP_PATH + r"\Z", path):
        faults.append((path, regex_fault("Invalid path", _HTTP_PATH)))
    return faults


def parse_ip(value: str) -> IPv4Address | IPv6Address | None:
    """An address as Go's ParseIPSloppy takes it: leading zeros count as decimal, no zone."""
    if re.match(r"\d+(\.\d+){3}\Z", value):
        value = ".".join(str(int(part)) for part in value.split(".")) if len(value) < 64 else value
    try:
        return None if "%" in value else ip_address(value)
    except ValueError:
        return None


def ip(value: str) -> list[str]:
    """Strict since 1.36: no leading zeros, no IPv4 inside IPv6."""
    found = parse_ip(value)
    if found is None:
        return [IP_FAULT]
    if isinstance(found, IPv6Address):
        return ["must not be an IPv4-mapped IPv6 address"] if found.ipv4_mapped else []
    return [] if str(found) == value else ["must not have leading 0s"]


def cidr(value: str) -> list[str]:
    address, slash, length = value.partition("/")
    found = parse_ip(address)
    if found is None or not slash or not re.match(r"\d{1,3}\Z", length) or int(length) > found.max_prefixlen:
        return [CIDR_FAULT]
    if (found.version == 4 and str(found) != address) or length != str(int(length)):
        return ["must not have leading 0s in IP or prefix length"]
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return ["must not have an IPv4-mapped IPv6 address"]
    if ip_network(f"{found}/{length}", strict=False).network_address != found:
        return ["must not have bits set beyond the prefix length"]
    return []


def non_special_ip(value: str) -> list[str]:
    """What an endpoint's or an external address must not be (core `ValidateNonSpecialIP`)."""
    found = parse_ip(value)
    if found is None:
        return []
    faults = []
    if found.is_unspecified:
        faults.append(f"may not be unspecified ({value})")
    if found.is_loopback:
        faults.append("may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if found.is_link_local:
        faults.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if found in ip_network("224.0.0.0/24" if found.version == 4 else "ff02::/16"):
        faults.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    return faults
