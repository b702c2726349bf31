"""The conformance check beside dciodvfy of dicom3tools, file by file.

    python tests/benchmarks/compare_dciodvfy.py [FILE_OR_FOLDER ...] [--all] [--json]

Without arguments: the real studies beside the project, the demonstration study, and an object of
every kind that exports write. Errors of both are sorted by what they are about: attribute and kind
of rule. The table counts those of both, those of dciodvfy alone and those of ours alone; below it
every single difference (`--all`: also what both find). docs/validate.md explains them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

from written_kinds import write_kinds  # noqa: E402

from xray_studio.core.conformance import Severity  # noqa: E402
from xray_studio.dicom.conformance.read import check_file  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
FOLDERS = ("dicom", "dicomdir", "malformed")
# Kind of rule: what dciodvfy and what our check say of it. Of some the attribute does not matter.
KINDS = (
    ("one UID for two things", "has same value as", "It is the same as"),
    ("direction", "not unit vector|orthogonal", "direction|right angles"),
    ("one frame only", "/NumberOfFrames.*enumerated", "one frame only"),
    ("no size", "Value is zero", "the image has no size"),
    ("missing", "Missing attribute|missing|Missing Functional", "missing"),
    ("empty", "Empty attribute|no value|only permitted to be empty", "has none"),
    ("not permitted here", "unsatisfied|Shall not be present", "condition is not met|1:1"),
    ("value not permitted", "Unrecognized enumerated value", "enumerated values|samples of its"),
    ("VR or number of values", "Explicit value rep|Multiplicity|Value Representation",
     "Its VR is|It has \\d+ value"),
    ("pixel data", "PixelData|Pixel Data|frames", "bytes than|fragment|frame|compress"),
    ("private block", "private owner", "private|Private"),
    ("form of a value", "Value invalid|Value is|Illegal root|Leading|length", "value"),
)  # fmt: skip
WHOLE = {"one UID for two things", "unreadable"}


@dataclass(frozen=True, order=True)
class Complaint:
    """What an error is about."""

    kind: str
    keyword: str


def theirs(path: Path) -> tuple[set[Complaint], dict[Complaint, str]]:
    """Return the errors of dciodvfy."""
    done = subprocess.run(["dciodvfy", "-new", path], capture_output=True, check=False)
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()
    found = {}
    for line in lines:
        if line.startswith("Error"):
            place = re.findall(r"/([A-Za-z]\w+|\([0-9a-f]{4},[0-9a-f]{4})", line.partition(">")[0])
            about = _about(_kind(line, 1), place[-1] if place else "")
            found.setdefault(about, re.sub(r"= <[^>]*>", "", line))
    return set(found), found


def _about(kind: str, keyword: str) -> Complaint:
    return Complaint(kind, "" if kind in WHOLE else keyword.lower().strip(")"))


def ours(path: Path) -> tuple[set[Complaint], dict[Complaint, str]]:
    """Return the errors of our check."""
    checked = check_file(str(path))
    found = {}
    for finding in checked.findings:
        if finding.severity is Severity.ERROR:
            keyword = re.sub(r"\[\d+\]", "", finding.path.split(".")[-1])
            about = _about(_kind(finding.rule, 2), keyword)
            found.setdefault(about, finding.words())
    if checked.problem:
        found[Complaint("unreadable", "")] = checked.problem
    return set(found), found


def _kind(text: str, column: int) -> str:
    for row in KINDS:
        if re.search(row[column], text):
            return row[0]
    return "other"


def inputs(arguments: list[str], folder: Path) -> Iterator[tuple[str, Path]]:
    """Give each file with the set that it belongs to."""
    if arguments:
        named = [Path(word) for word in arguments]
        for top in named:
            yield from (("named", file) for file in _files(top))
        return
    for name in FOLDERS:
        yield from ((name, file) for file in _files(SHARED / name))
    yield from write_kinds(folder)


def _files(top: Path) -> list[Path]:
    files = [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file())
    return [p for p in files if p.suffix not in {".json", ".txt", ".md"} and p.name != "LICENSE"]


def compare(files: Iterator[tuple[str, Path]], *, everything: bool) -> dict[str, object]:
    """Return the counts for each set, and the differences."""
    counts: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    told: list[dict[str, str]] = []
    for group, path in files:
        (here, words), (there, their_words) = ours(path), theirs(path)
        if Complaint("unreadable", "") in here and there:
            there = {Complaint("unreadable", "")}  # what follows from a damaged file is not counted
        table = counts.setdefault(group, Counter(files=0, both=0, theirs=0, ours=0))
        parts = {"both": here & there, "theirs": there - here, "ours": here - there}
        table.update({name: len(part) for name, part in parts.items()}, files=1)
        for name, part in parts.items():
            for about in sorted(part):
                kinds.setdefault(about.kind, Counter(both=0, theirs=0, ours=0))[name] += 1
                if everything or name != "both":
                    text = words.get(about) or their_words.get(about, "")
                    told.append({"file": path.name, "of": name, "text": text})
    return {"sets": counts, "kinds": kinds, "told": told}


def main() -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = compare(inputs(asked.paths, Path(folder)), everything=asked.all)
    if asked.json:
        print(json.dumps(found, indent=2))
        return os.EX_OK
    for title in ("sets", "kinds"):
        print(f"\n| {title} | both | dciodvfy alone | ours alone |\n|---|---|---|---|")
        table = found[title]
        assert isinstance(table, dict)
        for name, row in table.items():
            files = f" ({row['files']} files)" if "files" in row else ""
            print(f"| {name}{files} | {row['both']} | {row['theirs']} | {row['ours']} |")
    print()
    told = found["told"]
    assert isinstance(told, list)
    for line in told:
        print(f"{line['of']:7} {line['file']}: {line['text']}")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
