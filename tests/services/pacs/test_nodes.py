"""Nodes by name: the settings hold everything but their passwords."""

from __future__ import annotations

import json

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from tests.services.pacs.conftest import Remembering
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.pacs.node import Node, node_of
from xray_studio.services.pacs.nodes import (
    backup_of,
    broken,
    forget_node,
    keep_node,
    node_named,
    nodes,
)
from xray_studio.services.pacs.secrets import password_of
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
