"""Whether manifests were taken from a cluster of two IP families, where the profile keeps to the default network.

Responsible for: widening the profile by an IPv6 network for such manifests (modelled).
Leaves to others: what the families mean for a Service (`allocation`).

Only a dual-stack cluster hands out cluster IPs of both families, so a Service that holds two of them came from one. A wish alone
(`ipFamilies`, `ipFamilyPolicy`) says nothing about the cluster, nor do addresses about a profile that names its networks.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from simulator.admission.validation.formats import parse_ip
from simulator.api.meta import Json
from simulator.decode import Decoded
from simulator.profile import DEFAULT_SERVICE_CIDR, Profile

_PREFIX = 112
_POD_CIDR = "fd00:10:244::/56"


def as_described(decoded: Decoded, profile: Profile) -> Profile:
    """The profile, with a second Service network around the first IPv6 address that stands beside an IPv4 one in a Service."""
    if profile.service_cidr != DEFAULT_SERVICE_CIDR:
        return profile
    found = next(filter(None, (_second_address(document.data) for document in decoded.documents)), None)
    if found is None:
        return profile
    network = ip_network(f"{found}/{_PREFIX}", strict=False)
    pods = profile.pod_cidr if len(profile.pod_networks) > 1 else f"{profile.pod_cidr},{_POD_CIDR}"
    return replace(profile, service_cidr=f"{profile.service_cidr},{network}", pod_cidr=pods)


def _second_address(data: Json) -> str | None:
    """The IPv6 one of a Service's two cluster IPs."""
    if data.get("kind") != "Service" or not isinstance(spec := data.get("spec"), dict):
        return None
    given = spec.get("clusterIPs")
    parsed = [parse_ip(text) for text in given if isinstance(text, str)] if isinstance(given, list) else []
    six = [ip for ip in parsed if ip is not None and ip.version == 6]
    return str(six[0]) if len(parsed) == 2 and len(six) == 1 and None not in parsed else None
