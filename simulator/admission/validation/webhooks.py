"""ValidatingWebhookConfiguration and MutatingWebhookConfiguration.

Leaves out: the expressions of `matchConditions`, which the server compiles.
Mirrors: kubernetes `pkg/apis/admissionregistration/validation/validation.go`, apiserver `pkg/util/webhook/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from simulator.admission.field_errors import FieldError, duplicate, invalid, not_supported, required
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import label_selector, object_meta
from simulator.api.meta import Json, Path

_REVIEW_VERSIONS = ("v1", "v1beta1")
_FAILURE_POLICIES = ("Fail", "Ignore")
_MATCH_POLICIES = ("Equivalent", "Exact")
_SIDE_EFFECTS = ("None", "NoneOnDryRun")
_OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
_SCOPES = ("*", "Cluster", "Namespaced")
_REINVOCATIONS = ("IfNeeded", "Never")
_URL_FORM = "; desired format: https://host[/path]"


def configuration(data: Json, _old: Json = None) -> list[FieldError]:
    faults = object_meta(data, False, formats.dns_subdomain)
    names: set[str] = set()
    for index, hook in enumerate(data.get("webhooks") or []):
        path: Path = ("webhooks", index)
        faults += [*_webhook(hook, path), *_review_versions(hook.get("admissionReviewVersions") or [], (*path, "admissionReviewVersions"))]
        name = hook.get("name") or ""
        if name in names:
            faults.append(duplicate((*path, "name"), name))
        names |= {name} - {""}
    return faults


def _webhook(hook: Json, path: Path) -> Iterator[FieldError]:
    yield from _qualified_name(hook.get("name") or "", (*path, "name"))
    for index, rule in enumerate(hook.get("rules") or []):
        yield from _rule(rule, (*path, "rules", index))
    for field, supported in (("failurePolicy", _FAILURE_POLICIES), ("matchPolicy", _MATCH_POLICIES)):
        if hook.get(field) not in supported:
            yield not_supported((*path, field), hook.get(field), supported)
    effects = hook.get("sideEffects")
    if effects is None:
        yield required((*path, "sideEffects"), f"must specify one of {', '.join(_SIDE_EFFECTS)}")
    elif effects not in _SIDE_EFFECTS:
        yield not_supported((*path, "sideEffects"), effects, _SIDE_EFFECTS)
    if not 1 <= hook["timeoutSeconds"] <= 30:
        yield invalid((*path, "timeoutSeconds"), hook["timeoutSeconds"], "the timeout value must be between 1 and 30 seconds")
    for field in ("namespaceSelector", "objectSelector"):
        yield from label_selector(hook.get(field), (*path, field))
    if hook.get("reinvocationPolicy", "Never") not in _REINVOCATIONS:
        yield not_supported((*path, "reinvocationPolicy"), hook["reinvocationPolicy"], _REINVOCATIONS)
    yield from _client(hook.get("clientConfig") or {}, (*path, "clientConfig"))


def _qualified_name(name: str, path: Path) -> Iterator[FieldError]:
    faults = formats.dns_subdomain(name)
    if not name:
        yield required(path)
    elif faults:
        yield invalid(path, name, ",".join(faults))
    elif name.count(".") < 2:
        yield invalid(path, name, "should be a domain with at least three segments separated by dots")


def _rule(rule: Json, path: Path) -> Iterator[FieldError]:
    operations = rule.get("operations") or []
    yield from _listed(operations, (*path, "operations"), "operations")
    for index, operation in enumerate(operations):
        if operation not in _OPERATIONS:
            yield not_supported((*path, "operations", index), operation, _OPERATIONS)
    yield from _listed(rule.get("apiGroups") or [], (*path, "apiGroups"), "API groups")
    versions = rule.get("apiVersions") or []
    yield from _listed(versions, (*path, "apiVersions"), "API versions")
    yield from (required((*path, "apiVersions", index)) for index, version in enumerate(versions) if not version)
    yield from _resources(rule.get("resources") or [], (*path, "resources"))
    if rule["scope"] not in _SCOPES:
        yield not_supported((*path, "scope"), rule["scope"], _SCOPES)


def _listed(items: list[str], path: Path, noun: str) -> Iterator[FieldError]:
    """At least one, and nothing beside a `*`."""
    if not items:
        yield required(path)
    if len(items) > 1 and "*" in items:
        yield invalid(path, items, f"if '*' is present, must not specify other {noun}")


def _resources(items: list[str], path: Path) -> Iterator[FieldError]:
    if not items:
        yield required(path)
    wholly: set[str] = set()
    everywhere: set[str] = set()
    for index, item in enumerate(items):
        if not item:
            yield required((*path, index))
            continue
        resource, slash, part = item.partition("/")
        if not slash:
            continue
        if resource in wholly:
            yield invalid((*path, index), item, f"if '{resource}/*' is present, must not specify {item}")
        if part in everywhere:
            yield invalid((*path, index), item, f"if '*/{part}' is present, must not specify {item}")
        wholly |= {resource} if part == "*" else set()
        everywhere |= {part} if resource == "*" else set()
    if len(items) > 1 and "*/*" in items:
        yield invalid(path, items, "if '*/*' is present, must not specify other resources")
    plain = [item for item in items if item and "/" not in item]
    if "*" in items and plain[-1] != "*":
        yield invalid(path, items, "if '*' is present, must not specify other resources without subresources")


def _review_versions(versions: list[str], path: Path) -> Iterator[FieldError]:
    if not versions:
        yield required(path, f"must specify one of {', '.join(_REVIEW_VERSIONS)}")
        return
    for index, version in enumerate(versions):
        if version in versions[:index]:
            yield invalid((*path, index), version, "duplicate version")
    if not set(versions) & set(_REVIEW_VERSIONS):
        yield invalid(path, versions, f"must include at least one of {', '.join(_REVIEW_VERSIONS)}")


def _client(client: Json, path: Path) -> Iterator[FieldError]:
    url, service = client.get("url"), client.get("service")
    if (url is None) == (service is None):
        yield required(path, "exactly one of url or service is required")
    elif service is not None:
        yield from _service(service, (*path, "service"))
    else:
        yield from _url(url, (*path, "url"))


def _service(service: Json, path: Path) -> Iterator[FieldError]:
    """The server hands over name and namespace in the wrong order here, so that each is told as missing where the other is."""
    if not service.get("namespace"):
        yield required((*path, "name"), "service name is required")
    if not service.get("name"):
        yield required((*path, "namespace"), "service namespace is required")
    faults = formats.port_number(service["port"])
    if faults:
        yield invalid((*path, "port"), service["port"], f"port is not valid: {', '.join(faults)}")
    given = service.get("path") or "/"
    if given == "//":
        yield invalid((*path, "path"), given, "segment[0] may not be empty")
    if given in ("/", "//"):
        return
    if not given.startswith("/"):
        yield invalid((*path, "path"), given, "must start with a '/'")
    for index, step in enumerate(given[1:].removesuffix("/").split("/")):
        if not step:
            yield invalid((*path, "path"), given, f"segment[{index}] may not be empty")
            continue
        yield from (invalid((*path, "path"), given, f"segment[{index}]: {fault}") for fault in formats.dns_subdomain(step))


def _url(url: str, path: Path) -> Iterator[FieldError]:
    try:
        parts = urlsplit(url)
    except ValueError:
        yield required(path, f"url must be a valid URL: {url}{_URL_FORM}")
        return
    if parts.scheme != "https":
        yield invalid(path, parts.scheme, f"'https' is the only allowed URL scheme{_URL_FORM}")
    if not parts.netloc.rpartition("@")[2]:
        yield invalid(path, "", f"host must be provided{_URL_FORM}")
    if "@" in parts.netloc:
        yield invalid(path, parts.netloc.rpartition("@")[0], "user information is not permitted in the URL")
    if parts.fragment:
        yield invalid(path, parts.fragment, "fragments are not permitted in the URL")
    if parts.query:
        yield invalid(path, parts.query, "query parameters are not permitted in the URL")
