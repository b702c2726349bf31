"""Nodes by name: the settings hold everything but their passwords."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from tests.services.pacs.conftest import Remembering
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.pacs.node import Kind, Node, Tls, node_of
from xray_studio.services.pacs.nodes import (
    backup_of,
    broken,
    forget_node,
    keep_node,
    node_named,
    nodes,
)
from xray_studio.services.pacs.secrets import password_of, unlocked
from xray_studio.services.settings import settings_file

MAIN = Node("main", host="h", called_ae_title="A", backup="spare")
PLAIN = Node("plain", host="h", called_ae_title="A")
SPARE = Node("spare", host="h", port=105, called_ae_title="B")


def test_nodes_are_kept_found_and_forgotten() -> None:
    with pytest.raises(UsageError, match="There is no node spare to stand in"):
        keep_node(MAIN)
    keep_node(SPARE)
    keep_node(MAIN)
    assert nodes() == (MAIN, SPARE)
    assert node_named("main") == MAIN
    assert backup_of(MAIN) == SPARE
    assert backup_of(SPARE) is None
    with pytest.raises(UsageError, match="spare stands in for main"):
        forget_node("spare")
    forget_node("main")
    assert node_named("") == SPARE
    with pytest.raises(UsageError, match=r"There is no node main; known are: spare\."):
        node_named("main")
    with pytest.raises(UsageError, match="There is no node main"):
        forget_node("main")


def test_an_address_needs_no_name() -> None:
    assert node_named("h:104/A") == node_of("h:104/A")
    with pytest.raises(UsageError, match="Name a node with --node"):
        node_named("")


def test_passwords_go_to_the_keyring_alone(own_keyring: Remembering) -> None:
    node = Node("web", host="h", called_ae_title="A", user="doe")
    keep_node(node, "open sesame")
    assert password_of(node) == "open sesame"
    assert "sesame" not in settings_file().read_text()
    assert list(own_keyring.kept.values()) == ["open sesame"]
    forget_node("web")
    assert not own_keyring.kept
    with pytest.raises(StudioError, match="The keyring holds no password of web"):
        password_of(node)
    with pytest.raises(UsageError, match="A password needs a user"):
        keep_node(PLAIN, "open sesame")


@pytest.mark.usefixtures("own_keyring")
def test_a_system_without_a_keyring() -> None:
    keyring.set_keyring(NoKeyring())
    node = Node("web", host="h", called_ae_title="A", user="doe")
    with pytest.raises(StudioError, match="This system has no keyring to keep a password in"):
        keep_node(node, "open sesame")
    with pytest.raises(StudioError, match="This system has no keyring"):
        password_of(node)
    assert password_of(MAIN) == ""
    assert nodes() == ()


def test_a_damaged_node_is_named_and_hurts_no_other() -> None:
    keep_node(PLAIN)
    path = settings_file()
    found = json.loads(path.read_text())
    found["archives"]["nodes"]["odd"] = {"kind": "dimse", "port": "104"}
    found["archives"]["nodes"]["bare"] = {"kind": "dimse"}
    path.write_text(json.dumps(found))
    assert nodes() == (PLAIN,)
    assert set(broken()) == {"odd", "bare"}
    with pytest.raises(StudioError, match="The node odd cannot be used: A value has a wrong type"):
        node_named("odd")
    keep_node(SPARE)
    assert "odd" in path.read_text()


def test_a_token_lies_in_the_keyring_too(own_keyring: Remembering) -> None:
    node = Node("web", kind=Kind.DICOMWEB, url="https://h/web", bearer=True)
    keep_node(node, "t0ken")
    assert nodes() == (node,)
    assert unlocked(node) == (node, "t0ken")
    assert "t0ken" not in settings_file().read_text()
    keep_node(replace(node, bearer=False))
    assert not own_keyring.kept
    with pytest.raises(StudioError, match="The keyring holds no token of web; set it anew"):
        password_of(node)
    for wrong, why in (
        (replace(node, user="doe"), "stands in place of a user"),
        (replace(node, url="http://pacs.local/web"), "would be open to read on the way"),
        (replace(PLAIN, bearer=True), "is for a DICOMweb service"),
    ):
        with pytest.raises(UsageError, match=why):
            keep_node(wrong, "t0ken")


def test_the_passphrase_of_a_key_lies_in_the_keyring(
    own_keyring: Remembering, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    node = replace(PLAIN, tls=Tls(True, "", str(tmp_path / "c.pem"), str(key), "open up"))
    keep_node(node)
    assert "open up" not in settings_file().read_text() + repr(node)
    (kept,) = nodes()
    assert kept.tls.passphrase == ""
    assert unlocked(kept)[0].tls.passphrase == "open up"
    forget_node("plain")
    assert not own_keyring.kept
    with pytest.raises(StudioError, match="The key of plain is locked, and the keyring holds no"):
        unlocked(kept)
    key.write_text("-----BEGIN PRIVATE KEY-----\n")
    assert unlocked(kept) == (kept, "")
