"""Nodes: what an address says, which values fit, and how they stand in the settings."""

from __future__ import annotations

import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.node import Kind, Node, Tls, checked, node_of
from xray_studio.core.pacs.node_values import from_values, to_values


def test_addresses() -> None:
    plain = node_of("pacs.local:11112/ARCHIVE ONE")
    assert (plain.host, plain.port, plain.called_ae_title) == ("pacs.local", 11112, "ARCHIVE ONE")
    assert plain.address == "pacs.local:11112/ARCHIVE ONE"
    six = node_of("[fe80::1]:104/A")
    assert (six.host, six.address) == ("fe80::1", "[fe80::1]:104/A")
    web = node_of("https://pacs.local/dicom-web/")
    assert (web.kind, web.url, web.tls.on) == (Kind.DICOMWEB, "https://pacs.local/dicom-web", True)
    assert node_of(web.address) == web


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("archive", "archive is no node; give the name of one"),
        ("host:0/A", "0 is no port"),
        ("host:99999/A", "99999 is no port"),
        ("host:104/SEVENTEEN LETTERS", "An AE title has 1 to 16"),
        ("host:104/BACK\\SLASH", "no backslash"),
        ("host:104/   ", "An AE title has"),
        ("http://", "is no URL"),
        ("http://user:secret@host/web", "A URL holds no password"),
        ("http://host/web?x=1", "ends before"),
    ],
)
def test_addresses_that_are_none(address: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        node_of(address)
    assert "secret" not in str(caught.value)


GOOD = Node("main", host="h", called_ae_title="A")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": "no/slash"}, "name has letters"),
        ({"backup": "main"}, "its own backup"),
        ({"connect_timeout": 0.0}, "time-out"),
        ({"associations": 17}, "1 to 16 associations"),
        ({"maximum_length": 10}, "4096 to 131072"),
        ({"tls": Tls(certificate="a.pem")}, "needs its key"),
        ({"host": "two words"}, "needs a host"),
    ],
)
def test_values_that_do_not_fit(values: dict[str, object], told: str) -> None:
    from dataclasses import replace

    with pytest.raises(UsageError, match=told):
        checked(replace(GOOD, **values))  # type: ignore[arg-type]


def test_settings_hold_what_differs() -> None:
    full = Node(
        "main", host="h", port=11112, called_ae_title="A", tls=Tls(on=True, authority="ca.pem"),
        answer_timeout=5.0, backup="other", send_unasked=True, user="doe",
    )  # fmt: skip
    values = to_values(full)
    assert values == {
        "kind": "dimse", "host": "h", "port": 11112, "called_ae_title": "A", "user": "doe",
        "answer_timeout": 5.0, "backup": "other", "send_unasked": True, "tls": True,
        "tls_authority": "ca.pem",
    }  # fmt: skip
    assert from_values("main", values | {"of a later version": 1}) == full
    assert from_values("main", values | {"answer_timeout": 5}) == full


@pytest.mark.parametrize("wrong", [{"port": "104"}, {"kind": "ftp"}, {"tls": 1}])
def test_settings_of_a_wrong_type(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no int|ftp|no bool"):
        from_values("main", to_values(GOOD) | wrong)
