import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.report.reports import NOW, drafted
from xray_studio.core.errors import WriteError
from xray_studio.core.job import run
from xray_studio.core.report.edit import accept_all, change, remove
from xray_studio.core.report.report import Where
from xray_studio.core.report.signing import amended, sign
from xray_studio.services.report.feedback import feedback
from xray_studio.services.report.store import (
    forget,
    keep,
    kept,
    path_of,
    read_report,
    store_folder,
    versions,
)


def test_versions_are_kept_and_signed_ones_never_replaced() -> None:
    draft = drafted()
    keep(draft)
    edited = change(draft, Where(0, 0), "The heart is slightly enlarged.")
    keep(edited)
    assert run(kept("1.2")).reports == (edited,)
    signed = sign(accept_all(edited), "Doe^Jane", NOW)
    path = keep(signed)
    keep(signed)
    with pytest.raises(WriteError, match="signed and stays"):
        keep(edited)
    later = change(amended(signed, NOW + timedelta(days=1)), Where(1, 0), "Cardiomegaly, mild.")
    keep(later)
    assert versions(later) == [signed, later]
    assert run(kept("1.2")).reports == (later,)
    assert read_report(path) == signed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    told = str(path.relative_to(store_folder()))
    assert "1.2." not in told
    assert draft.identifier not in told
    forget(later)
    assert run(kept("1.2")).reports == ()


def test_pictures_without_a_study_are_known_by_their_pixels() -> None:
    report = replace(drafted(), study_instance_uid="")
    keep(report)
    assert run(kept("", report.films)).reports == (report,)
    assert run(kept("1.2")).reports == ()


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"{}", b"[" * 100_000])
def test_damaged_files_are_set_aside_and_told(data: bytes) -> None:
    good, bad = drafted(), replace(drafted(), identifier="b" * 32)
    keep(good)
    path = keep(bad)
    path.write_bytes(data)
    found = run(kept("1.2"))
    assert found.reports == (good,)
    assert found.damaged == 1
    assert "set aside" in found.told
    assert path.with_name(path.name + ".damaged").read_bytes() == data
    assert run(kept("1.2")).damaged == 0


def test_a_draft_survives_a_kill() -> None:
    draft = drafted()
    keep(draft)
    code = (
        "import sys; from dataclasses import replace\n"
        "from pathlib import Path\n"
        "from xray_studio.services.report.store import keep, read_report\n"
        "report, number = read_report(Path(sys.argv[1])), 0\n"
        "while True:\n"
        "    number += 1\n"
        "    keep(replace(report, films=report.films * number))\n"
        "    print(number, flush=True)\n"
    )
    program = [sys.executable, "-c", code, str(path_of(draft))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=os.environ) as running:
        assert running.stdout is not None
        kept_last = 0
        for _ in range(5):
            kept_last = int(running.stdout.readline())
        running.send_signal(signal.SIGKILL)
    found = run(kept("1.2"))
    assert found.damaged == 0
    assert len(found.reports[0].films) >= kept_last


def test_feedback_tells_what_people_made_of_drafts(tmp_path: Path) -> None:
    report = remove(change(drafted(), Where(0, 0), "The heart is normal."), Where(1, 0))
    signed = sign(accept_all(report), "Doe^Jane", NOW)
    keep(signed)
    keep(replace(drafted(), identifier="c" * 32))  # nobody signed it
    out = tmp_path / "feedback.jsonl"
    found = run(feedback(out))
    assert found.reports == 1
    counts = {one.finding: (one.accepted, one.changed, one.removed) for one in found.agreement}
    assert counts == {"cardiomegaly": (0, 1, 1), "": (1, 0, 0)}
    assert {one.month for one in found.agreement} == {"2026-11"}
    told = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert told[0]["model"]["sha256"] == "ab" * 32
    assert told[0]["draft"]["Findings"].startswith("The heart is enlarged.")
    assert told[0]["final"]["Findings"].startswith("The heart is normal.")
    assert "Doe" not in out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(WriteError, match="exists"):
        run(feedback(out))
