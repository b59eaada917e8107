"""Whatever stands in a manifest, admission answers: no exception, a place for every problem, the same answer twice."""

import copy
import json
import random

import pytest

from simulator.admission import admit
from simulator.api.meta import SourceFile
from simulator.decode import decode
from simulator.profile import Profile

CONTAINER = {
    "name": "c", "image": "nginx", "ports": [{"name": "http", "containerPort": 80}], "env": [{"name": "A", "value": "b"}],
    "readinessProbe": {"httpGet": {"port": "http"}}, "resources": {"limits": {"cpu": "1"}}, "volumeMounts": [{"name": "v", "mountPath": "/v"}],
}  # fmt: skip
POD = {"containers": [CONTAINER], "volumes": [{"name": "v", "emptyDir": {}}], "dnsConfig": {"nameservers": ["1.2.3.4"]}}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": POD}
BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
SPECS = [
    ("v1", "Service", {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}], "clusterIP": "10.96.0.9"}),
    ("v1", "Pod", POD),
    ("apps/v1", "Deployment", {"selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE, "strategy": {"type": "RollingUpdate"}}),
    ("apps/v1", "StatefulSet", {"serviceName": "web", "selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE}),
    ("batch/v1", "CronJob", {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": TEMPLATE}}}),
    ("networking.k8s.io/v1", "Ingress", {"rules": [{"host": "a.b", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}}]}),
    ("networking.k8s.io/v1", "NetworkPolicy", {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 1}]}]}),
    ("gateway.networking.k8s.io/v1", "Gateway", {"gatewayClassName": "x", "listeners": [{"name": "a", "port": 80, "protocol": "HTTP"}]}),
    ("gateway.networking.k8s.io/v1", "HTTPRoute", {"rules": [{"matches": [{"path": {"value": "/"}}], "backendRefs": [{"name": "w", "port": 1}]}]}),
]  # fmt: skip
VALUES = (
    None,
    True,
    0,
    -1,
    80,
    10**12,
    1.5,
    "",
    "a",
    "A_b",
    "10.0.0.1",
    "10.0.0.0/8",
    [],
    {},
    [1],
    ["a"],
    {"a": "b"},
    {"a": {}},
    [[]],
    [None],
    "None",
)


def steps(data, path=()):
    if isinstance(data, (dict, list)):
        for key in list(data) if isinstance(data, dict) else range(len(data)):
            yield (*path, key)
            yield from steps(data[key], (*path, key))


def mutated(rng, data):
    for _ in range(rng.randint(1, 4)):
        *above, last = rng.choice(list(steps(data)))
        inside = data
        for step in above:
            inside = inside[step]
        if rng.random() < 0.2:
            del inside[last]
        else:
            inside[last] = copy.deepcopy(rng.choice(VALUES))
        if not any(True for _ in steps(data)):
            return data
    return data


@pytest.mark.parametrize("seed", range(40))
def test_mutated_manifests_are_answered(seed):
    """Random values in random places of every kind, one of them applied twice."""
    rng = random.Random(seed)
    objects = [
        mutated(rng, {"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, "spec": copy.deepcopy(spec)})
        for version, kind, spec in SPECS
    ]
    text = "\n---\n".join(json.dumps(item) for item in [*objects, objects[0]])
    first, second = (admit(decode([SourceFile("m.yaml", text)]), Profile()) for _ in range(2))
    assert first.output == second.output
    lines = text.count("\n") + 1
    for verdict in first.verdicts:
        assert verdict.accepted or verdict.problems
        assert all(problem.place is not None and 1 <= problem.place.span.line <= lines for problem in verdict.problems)
