"""Every kind that the program writes is clean, and stays so only while it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread

from tests.dicom.conformance.conftest import KINDS
from tests.dicom.write.validator import errors_of
from xray_studio.core.conformance import Severity
from xray_studio.dicom.conformance.check import check_dataset
from xray_studio.dicom.conformance.read import check_file
from xray_studio.dicom.conformance.tables import Rule, object_table, rules_of

Place = tuple[tuple[int | str, ...], str]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_clean(kinds: Path, kind: str) -> None:
    checked = check_file(str(kinds / f"{kind}.dcm"))
    assert checked.kind
    serious = [f.words() for f in checked.findings if f.severity is not Severity.NOTE]
    assert (checked.problem, serious) == ("", [])


def required(path: Path) -> list[Place]:
    """Return where an object holds attributes of type 1 of its mandatory modules, items too."""
    dataset = dcmread(path)
    definition = object_table(dataset.SOPClassUID)
    assert definition is not None
    found: list[Place] = []
    for use in definition.modules:
        if use.usage == "M":
            found += _required(dataset, rules_of(use.table.rules), ())
    return found


def _required(
    dataset: Dataset, rules: tuple[Rule, ...], above: tuple[int | str, ...]
) -> Iterator[Place]:
    for rule in rules:
        if rule.repeating or rule.tag not in dataset:
            continue
        if rule.type == "1":
            yield above, rule.keyword
        if rule.below >= 0 and dataset[rule.tag].VR == "SQ":
            for number, item in enumerate(dataset[rule.tag].value):
                inner = (*above, rule.keyword, number)
                yield from _required(item, rules_of(rule.below), inner)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(KINDS), empty=st.booleans())
def test_a_missing_attribute_of_type_1_is_always_found(
    kinds: Path, data: st.DataObject, kind: str, empty: bool
) -> None:
    source = kinds / f"{kind}.dcm"
    above, keyword = data.draw(st.sampled_from(required(source)))
    dataset = dcmread(source)
    item, path = dataset, ""
    for step in above:
        item = item[step].value if isinstance(step, str) else item[step]
        path += f"{'.' if path else ''}{step}" if isinstance(step, str) else f"[{step + 1}]"
    if empty and keyword not in {"SOPClassUID", "PixelData"}:
        item[keyword].value = [] if item[keyword].VR == "SQ" else None
    else:
        del item[keyword]
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    errors = [f for f in check_dataset(dataset, syntax) if f.severity is Severity.ERROR]
    wanted = f"{path}.{keyword}" if path else keyword
    assert wanted in {finding.path for finding in errors}


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy is not installed")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), kind=st.sampled_from(KINDS[:5]))  # images: it knows less of documents
def test_dciodvfy_finds_the_same_missing_attribute(
    kinds: Path, tmp_path: Path, data: st.DataObject, kind: str
) -> None:
    places = [keyword for above, keyword in required(kinds / f"{kind}.dcm") if not above]
    names = {"SOPClassUID", "SOPInstanceUID", "PixelData"}
    keyword = data.draw(st.sampled_from([name for name in places if name not in names]))
    dataset = dcmread(kinds / f"{kind}.dcm")
    del dataset[keyword]
    dataset.save_as(tmp_path / "made.dcm")
    assert any("Missing attribute" in line for line in errors_of(tmp_path / "made.dcm"))
    ours = check_file(str(tmp_path / "made.dcm"))
    assert any(f.path == keyword and f.severity is Severity.ERROR for f in ours.findings)
