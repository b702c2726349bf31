"""Models that are handed on: signed by somebody trusted, whole, newer, and taken back."""

from __future__ import annotations

import errno
import json
import shutil
import stat
from pathlib import Path

import pytest
import torch

from tests.core.learning.test_model import MODEL
from xray_studio.__main__ import main
from xray_studio.core.errors import StudioError, UnsupportedError, UsageError, WriteError
from xray_studio.core.learning.manifest import MANIFEST, SIGNATURE, manifest_of
from xray_studio.core.learning.model import CARD, FACTS, WEIGHTS
from xray_studio.services.learning.models import updates
from xray_studio.services.learning.models.folder import write_model
from xray_studio.services.learning.models.installed import folders, model_for
from xray_studio.services.learning.models.keys import Trusted, make_key, trust, trusted
from xray_studio.services.learning.models.updates import install, installed, roll_back, sign


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def handed(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two states of a model, signed a second apart."""
    made = {}
    for moment, name in ((1000.0, "old"), (1001.0, "new")):
        write_model(tmp_path / name, MODEL, {"a": torch.full((2,), moment)})
        monkeypatch.setattr(updates.time, "time", lambda moment=moment: moment)
        sign(tmp_path / name, key)
        made[name] = tmp_path / name
    return made


def _trust(key: Path) -> None:
    trust(key.with_name("mine.pub"))


def test_a_newer_model_takes_the_place_and_is_taken_back(
    handed: dict[str, Path], key: Path
) -> None:
    _trust(key)
    for name in ("old", "new"):
        install(handed[name])
        (folder,) = installed()
        assert (folder / WEIGHTS).read_bytes() == (handed[name] / WEIGHTS).read_bytes()
        assert folders()[0] == folder
        assert model_for("view").folder == folder
    before = roll_back("view")
    assert before == installed()[0]
    assert (before / WEIGHTS).read_bytes() == (handed["old"] / WEIGHTS).read_bytes()
    install(handed["new"])
    roll_back("view")
    assert roll_back("view") is None
    assert installed() == []
    with pytest.raises(UsageError, match="No model 'view' was installed"):
        roll_back("view")


def test_an_older_one_does_not_come_back_unseen(handed: dict[str, Path], key: Path) -> None:
    _trust(key)
    install(handed["new"])
    for name in ("old", "new"):
        with pytest.raises(UsageError, match="as new as this or newer"):
            install(handed[name])


def test_nobody_is_trusted_unasked(handed: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="signed by nobody whom you trust"):
        install(handed["new"])
    trust(make_key(tmp_path / "theirs"))
    with pytest.raises(UnsupportedError, match="signed by nobody whom you trust"):
        install(handed["new"])
    assert installed() == []


def test_a_damaged_key_takes_nobody_elses_trust(handed: dict[str, Path], key: Path) -> None:
    kept = trust(key.with_name("mine.pub"))
    kept.with_name("spoilt.pub").write_bytes(b"\xff no key")
    install(handed["new"])
    kept.write_text("no key")
    with pytest.raises(UnsupportedError, match=rf"trust \(unreadable: {kept.name}, spoilt\.pub\)"):
        install(handed["old"])


@pytest.mark.parametrize("name", [FACTS, WEIGHTS, CARD, MANIFEST, SIGNATURE])
def test_a_byte_that_was_changed_is_seen(handed: dict[str, Path], key: Path, name: str) -> None:
    _trust(key)
    path = handed["new"] / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(StudioError):
        install(handed["new"])
    path.unlink()
    with pytest.raises(
        StudioError, match=r"cannot be read: it is no longer there|is not signed: it holds no"
    ):
        install(handed["new"])
    assert installed() == []


def test_a_manifest_reaches_no_other_file(handed: dict[str, Path]) -> None:
    told = json.loads((handed["new"] / MANIFEST).read_bytes())
    hashes = told["files"]
    for wrong in (
        {"name": "../view"}, {"name": ""}, {"signed": -1}, {"signed": "1"}, {"version": 3},
        {"files": hashes | {"../../x": "0" * 64}}, {"files": {FACTS: "0" * 64}}, {"files": []},
        {"files": dict.fromkeys(hashes, "x")}, {"more": 1},
    ):  # fmt: skip
        with pytest.raises(StudioError, match="is no manifest of a model"):
            manifest_of(json.dumps(told | wrong).encode())
    for data in (b"", b"[]", b"\xff", b"{"):
        with pytest.raises(StudioError, match="is no manifest of a model"):
            manifest_of(data)


def test_a_pickle_that_is_signed_is_still_refused(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trust(key)
    model = write_model(tmp_path / "bad", MODEL, {"a": torch.zeros(1)})
    torch.save({"a": torch.zeros(1)}, tmp_path / "bad" / WEIGHTS)
    facts = (tmp_path / "bad" / FACTS).read_text("utf-8")
    digest = updates.hashlib.sha256((tmp_path / "bad" / WEIGHTS).read_bytes()).hexdigest()
    (tmp_path / "bad" / FACTS).write_text(facts.replace(model.sha256, digest), "utf-8")
    sign(tmp_path / "bad", key)
    with pytest.raises(UnsupportedError, match="can run any program"):
        install(tmp_path / "bad")
    assert installed() == []


def test_keys_are_kept_to_their_owner(key: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="is there already"):
        make_key(key)
    with pytest.raises(UsageError, match="never hand a private key on"):
        trust(key)
    (tmp_path / "no.pub").write_text("zz")
    with pytest.raises(UsageError, match="is no key"):
        trust(tmp_path / "no.pub")
    assert trusted() == Trusted(())


def test_a_key_that_finds_no_room_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_space)  # of the public key, the second of both
    with pytest.raises(WriteError, match="the disk is full"):
        make_key(tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], handed: dict[str, Path]
) -> None:
    shutil.rmtree(handed["old"])
    folder, other = str(handed["new"]), str(tmp_path / "other")
    for words, status in (
        (["install", folder], 1), (["key", other], 0), (["sign", folder, "--key", other], 0),
        (["trust", f"{other}.pub"], 0), (["install", folder], 0), (["install", folder], 2),
        (["verify"], 0), (["roll-back", "view"], 0), (["roll-back", "view"], 2),
    ):  # fmt: skip
        assert main(["models", *words]) == status, words
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        if words == ["verify"]:
            assert "view 0.1 (view): verified" in shown.out


def test_a_history_that_was_tampered_with_leads_nowhere(
    handed: dict[str, Path], key: Path, tmp_path: Path
) -> None:
    _trust(key)
    install(handed["new"])
    place = installed()[0].parent
    (tmp_path / "films").mkdir()
    for told in ('["../../../films"]', '["/", 5, null]', "{}", "7", "[" * 5000):
        (place / updates.HISTORY).write_text(told, "utf-8")
        assert installed() == []
        with pytest.raises(UsageError, match="No model 'view' was installed"):
            roll_back("view")
    assert (tmp_path / "films").is_dir()
    install(handed["new"])


def test_a_damaged_model_stands_in_nobodys_way(handed: dict[str, Path], key: Path) -> None:
    _trust(key)
    shipped = model_for("view").folder
    install(handed["new"])
    (folder,) = installed()
    assert model_for("view").folder == folder
    (folder / FACTS).write_text("[" * 50_000, "utf-8")
    assert model_for("view").folder == shipped
