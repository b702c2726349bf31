"""Kinds of segments have the codes of the standard."""

import pytest
from pydicom.sr._concepts_dict import concepts

from xray_studio.core.errors import UsageError
from xray_studio.core.labels.kinds import KINDS, kind_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.name)
def test_the_standard_knows_every_code(kind) -> None:
    known = {value for each in concepts["SCT"].values() for value in each}
    assert kind.code.value in known
    meanings = {
        each[kind.code.value][0] for each in concepts["SCT"].values() if kind.code.value in each
    }
    assert kind.code.meaning in meanings


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UsageError, match="no kind 'boneless' of segment"):
        kind_of("boneless")
