"""Reading a profile: what cannot be a cluster is refused with a sentence."""

from __future__ import annotations

import pytest

from simulator.profile import Profile


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"podCIDR": "nonsense"}, "podCIDR"),
        ({"podCIDR": "10.0.0.0/30"}, "too small"),
        ({"serviceCIDR": "10.0.0.0/16,10.1.0.0/16"}, "two networks of one family"),
        ({"nodes": [{"name": "n", "internalIP": "bad"}]}, "internalIP of node n"),
        ({"proxyMode": "magic"}, "proxyMode is one of"),
        ({"nodeFirewall": ["ssh"]}, "nodeFirewall lists ports"),
        ({"controlPlaneFirewall": ["ssh"]}, "controlPlaneFirewall lists ports"),
        ({"kernel": 5.10}, "kernel is a version in quotation marks"),
        ({"kernel": "six"}, "kernel is a version"),
        ({"networkProgrammingLatency": True}, "networkProgrammingLatency is a number of seconds"),
        ({"networkProgrammingLatency": 601}, "from 0 to 600"),
        ({"nodeLocalDNS": "maybe"}, "nodeLocalDNS is true or false"),
        ({"colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_what_cannot_be_a_cluster_is_refused(given, sentence):
    """One sentence that names the key."""
    with pytest.raises(ValueError, match=sentence):
        Profile.of(given)


def test_a_dual_stack_profile_is_read():
    """One network of each family."""
    assert Profile.of({"podCIDR": "10.244.0.0/16,fd00:10:244::/56", "serviceCIDR": "10.96.0.0/12,fd00:96::/108"}).pod_cidr.count(",") == 1
