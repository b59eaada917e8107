"""Field errors print as apimachinery's `field.Error` does."""

from simulator.admission import field_errors as fe
from simulator.admission.field_errors import OMITTED, Key


def test_each_kind_prints_in_the_servers_words():
    """Path, kind, value (where the kind shows one) and detail, joined by colons."""
    path = ("spec", "ports", 0, "port")
    assert str(fe.invalid(path, 0, "must be between 1 and 65535, inclusive")) == (
        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"
    )
    assert str(fe.required(path)) == "spec.ports[0].port: Required value"
    assert str(fe.required(path, "name it")) == "spec.ports[0].port: Required value: name it"
    assert str(fe.not_supported(("spec", "type"), "X", ["A", "B"])) == 'spec.type: Unsupported value: "X": supported values: "A", "B"'
    assert str(fe.duplicate(path, "http")) == 'spec.ports[0].port: Duplicate value: "http"'
    assert str(fe.forbidden(path, "no")) == "spec.ports[0].port: Forbidden: no"
    assert str(fe.too_long(path, 1)) == "spec.ports[0].port: Too long: may not be more than 1 byte"
    assert str(fe.too_many(path, 9, 8)) == "spec.ports[0].port: Too many: 9: must have at most 8 items"


def test_values_print_as_go_prints_them():
    """Strings are quoted as strconv.Quote does, composite values are JSON, and a value can be left out."""
    assert fe.invalid(("a",), 'b"\n\x01é', "d").body == r'Invalid value: "b\"\n\x01é": d'
    assert fe.invalid(("a",), {"app": "web"}, "d").body == 'Invalid value: {"app":"web"}: d'
    assert fe.invalid(("a",), None, "d").body == "Invalid value: null: d"
    assert fe.invalid(("a",), True, "d").body == "Invalid value: true: d"
    assert fe.invalid(("a",), OMITTED, "d").body == "Invalid value: d"


def test_paths_print_keys_in_brackets_and_the_root_as_nil():
    """A map's key is bracketed, the empty path is `<nil>`, and `shown` wins."""
    assert fe.printed(("metadata", "annotations", Key("x/y"))) == "metadata.annotations[x/y]"
    assert fe.printed(()) == "<nil>"
    assert fe.forbidden(("spec", "x"), "d", shown="spec.X").field == "spec.X"
