"""Questions from random clusters: the key is what the simulator answers, a wrong option is what a wrong rule answers.

Responsible for: every generator by its id, and the question that a seed gives. The same seed gives the same question, on any machine.
Leaves to others: when they are asked (`bot.app`), how they look (`bot.rendering`), what happens in a cluster (`simulator`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from bot.generators import (
    dns,
    dns_records,
    dns_resolvers,
    endpointslices,
    error_texts,
    gateway_api,
    gateway_rules,
    gateway_shares,
    ingress,
    ingress_backends,
    ingress_controllers,
    kube_proxy,
    network_policy,
    network_policy_ends,
    network_policy_peers,
    network_policy_plugins,
    service_ports,
    service_selection,
    service_types,
    traffic_policies,
    troubleshooting,
)
from bot.generators.draft import Template, UnfitError, question
from bot.learning.items import Choice

__all__ = ["TEMPLATES", "Template", "different", "generate"]

_TOPICS = (
    service_selection,
    service_ports,
    service_types,
    kube_proxy,
    traffic_policies,
    dns,
    dns_records,
    dns_resolvers,
    endpointslices,
    error_texts,
    ingress,
    ingress_backends,
    ingress_controllers,
    gateway_api,
    gateway_rules,
    gateway_shares,
    network_policy,
    network_policy_ends,
    network_policy_peers,
    network_policy_plugins,
    troubleshooting,
)

TEMPLATES: Mapping[str, Template] = {template.id: template for topic in _TOPICS for template in topic.TEMPLATES}
"""Every generator by its permanent id, `gen-` and the skill's."""

_TRIES = 60
"""Clusters that are looked at for one question; most make a question at once."""


def generate(template_id: str, seed: str) -> Choice | None:
    """The question of this template and seed; None where there is no such template, or none of the seed's clusters makes a question."""
    template = TEMPLATES.get(template_id)
    for attempt in range(_TRIES if template else 0):
        try:
            return question(template, seed, Random(f"{template_id} {seed} {attempt}"))  # type: ignore[arg-type]  # noqa: S311
        except UnfitError:
            continue
    return None


def different(questions: Iterable[Choice]) -> int:
    """How many of them differ in what is told, shown or offered."""
    return len({(made.stem, made.manifests, tuple(sorted(option.text for option in made.options))) for made in questions})
