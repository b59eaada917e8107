"""What tools print is shown whole, within the columns of a phone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.escape import CODE_WIDTH, visible, width
from bot.rendering.terminal import output

PODS = """\
NAME                           READY   STATUS    RESTARTS   AGE   LABELS
backend-api-768cf55cd9-hmzh5   1/1     Running   0          0s    app=backend-api
backend-api-768cf55cd9-nc4kl   1/1     Running   0          0s    app=backend-api
"""


def test_a_narrow_output_is_shown_as_printed() -> None:
    """Nothing is moved where nothing is too wide; tabs become the columns a terminal makes of them."""
    assert output("Server:\t\t10.96.0.10\n", "x").text == "Server:         10.96.0.10"
    assert output("NAME   AGE\nweb    0s\n", "x").text == "NAME   AGE\nweb    0s"


def test_a_wide_table_continues_below_itself() -> None:
    """The columns that do not fit stand below, again with the names."""
    assert output(PODS, "x").text.split("\n") == [
        "NAME                           READY   STATUS    RESTARTS",
        "backend-api-768cf55cd9-hmzh5   1/1     Running   0",
        "backend-api-768cf55cd9-nc4kl   1/1     Running   0",
        "",
        "NAME                           AGE   LABELS",
        "backend-api-768cf55cd9-hmzh5   0s    app=backend-api",
        "backend-api-768cf55cd9-nc4kl   0s    app=backend-api",
    ]


def test_a_long_line_is_folded() -> None:
    """Words stay whole, later lines are set in."""
    text = output("curl: (7) Failed to connect to production-api-svc.default port 80 after 0 ms: Couldn't connect to server", "x").text

    assert text == "curl: (7) Failed to connect to production-api-svc.default\n    port 80 after 0 ms: Couldn't connect to server"


@given(st.text(alphabet=st.sampled_from("ABab01  \n/-.…日\t"), max_size=400))
def test_nothing_gets_lost_or_too_wide(printed: str) -> None:
    """Every character but blanks comes out at least once, and no line of ordinary characters is wider than a block."""
    text = output(printed, "x").text

    assert set(visible(printed.expandtabs(8)).replace(" ", "").replace("\n", "")) <= set(text)
    if printed.isascii():
        assert all(width(line) <= CODE_WIDTH for line in text.split("\n"))
