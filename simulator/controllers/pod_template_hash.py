"""stub"""

from __future__ import annotations

import json
from collections.abc import Mapping

from simulator.api.meta import Json
from simulator.controllers.names import fnv32a, safe_encode


def pod_template_hash(template: Mapping[str, Json]) -> str:
    return safe_encode(str(fnv32a(json.dumps(template, sort_keys=True).encode())))
