"""Jinja2 templates -> Discord Markdown, with everything escaped that is not declared to be ours.

Responsible for: the environment, its escaping by default and its filters.
Leaves to others: the words (`templates/*.j2`), the shape of the message (the modules beside this one).
Filters: `md` trusts our own Markdown, `code` sets a name as inline code, `sentence` shows the backticks of a simulator's sentence as code.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.rendering.escape import Trusted, inline_code, listed, prose, sentence
from bot.rendering.reply import Text


def text(template: str, **values: Any) -> Text:
    """A template of `templates/` filled in. Strings among the values count as hostile unless the template says otherwise."""
    return Text(_environment().get_template(f"{template}.j2").render(**values).strip())


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - the output is Discord Markdown, not HTML: `finalize` does the escaping
        loader=PackageLoader("bot.rendering", "templates"),
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "md": Trusted,
        "code": lambda value: Trusted(inline_code(str(value))),
        "sentence": lambda value: Trusted(sentence(str(value))),
        "listed": lambda values: Trusted(listed(values)),
    }
    return environment


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Trusted) else prose(str(value))
