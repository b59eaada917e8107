"""A command line -> the request that it makes: `curl`, `ping`, `nc`.

Responsible for: which words of a command ask for something, and which change nothing of what is asked.
Leaves to others: where it is asked from, reading the request (`scenario`), what is printed (`kubectl`).
Mirrors: the options of curl, of iputils' ping and of OpenBSD's nc, as far as a request has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from simulator.api.meta import Json

_LONG = {
    "--insecure": "-k", "--request": "-X", "--header": "-H", "--silent": "-s", "--show-error": "-S", "--include": "-i", "--fail": "-f",
    "--verbose": "-v", "--output": "-o", "--max-time": "-m", "--connect-timeout": "-m", "--write-out": "-w",
}  # fmt: skip
MOST_PINGS = 10


def request_of_command(words: Sequence[str]) -> dict[str, Json]:
    """The scenario's form of the request that a command makes. Raises ValueError, with one sentence, for what is not followed here."""
    program = words[0] if words else ""
    if program not in _PROGRAMS:
        raise ValueError(f"`{program}` is not followed here; there are {', '.join(_PROGRAMS)}")
    return _PROGRAMS[program](words[1:])


def _curl(words: Sequence[str]) -> dict[str, Json]:
    asked: dict[str, Json] = {}
    urls = []
    headers: dict[str, Json] = {}
    for name, value in _options("curl", words, valued="XHomw", switches="ksSifv", long=_LONG):
        match name:
            case "":
                urls.append(value)
            case "-k":
                asked["insecure"] = True
            case "-X":
                asked["method"] = value
            case "-H":
                header, _, content = value.partition(":")
                if header.strip().lower() == "host":
                    asked["host_header"] = content.strip()
                else:
                    headers[header.strip()] = content.strip()
    if len(urls) != 1:
        raise ValueError(f"curl takes one URL here, not {len(urls)}")
    return {**_url(urls[0]), **asked, **({"headers": headers} if headers else {})}


def _url(url: str) -> dict[str, Json]:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise ValueError(f"{url}: {fault}") from fault
    if not host:
        raise ValueError(f"{url}: no host part in the URL")
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{url}: {parts.scheme} is not followed here, but http and https")
    return {"scheme": parts.scheme, "host": host, "port": port, "path": parts.path or "/", "query": parts.query}


def _ping(words: Sequence[str]) -> dict[str, Json]:
    hosts, count = [], 3
    for name, value in _options("ping", words, valued="cWwi", switches="nq4", long={}):
        if not name:
            hosts.append(value)
        elif name == "-c":
            if not value.isdecimal() or not 1 <= int(value) <= MOST_PINGS:
                raise ValueError(f"ping sends from 1 to {MOST_PINGS} packets here, not {value}")
            count = int(value)
    if len(hosts) != 1:
        raise ValueError(f"ping takes one name or address, not {len(hosts)}")
    return {"protocol": "ICMP", "host": hosts[0], "count": count}


def _nc(words: Sequence[str]) -> dict[str, Json]:
    asked: dict[str, Json] = {"protocol": "TCP", "program": "nc"}
    rest = []
    for name, value in _options("nc", words, valued="w", switches="zvun", long={}):
        if not name:
            rest.append(value)
        elif name == "-u":
            asked["protocol"] = "UDP"
    if len(rest) != 2 or not rest[1].isdecimal() or not 0 < int(rest[1]) < 1 << 16:
        raise ValueError("nc takes a name or an address, and a port")
    return {**asked, "host": rest[0], "port": int(rest[1])}


def _options(
    program: str, words: Sequence[str], valued: str, switches: str, long: Mapping[str, str]
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(option, its value) for each option, short ones taken apart; ("", word) for each word that is none."""
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        name, equals, rest = word.partition("=")
        if name in long:
            word, rest = long[name], rest if equals else ""
        elif word.startswith("--"):
            raise ValueError(f"{program}: {name} is not followed here")
        elif word.startswith("-") and len(word) > 1:
            word, rest = word[:2], word[2:]
        else:
            yield "", word
            continue
        if word[1] in valued:
            if not rest and not queue:
                raise ValueError(f"{program}: {name} needs a value")
            yield word, rest or queue.pop()
        elif word[1] in switches:
            yield word, ""
            if rest:
                queue.append(f"-{rest}")
        else:
            raise ValueError(f"{program}: {word} is not followed here")


_PROGRAMS: Mapping[str, Callable[[Sequence[str]], dict[str, Json]]] = {"curl": _curl, "ping": _ping, "nc": _nc}
