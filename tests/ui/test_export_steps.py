"""What steps made of a view, in the export dialog: derived objects, and recipes with the steps."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.viewer.fakes import make_clip, make_view
from xray_studio.core.clip import Acquisition
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.services.recipe import Recipe
from xray_studio.ui.dialogs.export.choices import Choices
from xray_studio.ui.dialogs.export.offers import unavailable
from xray_studio.ui.dialogs.export.recipe import problem_of, recipe_of

XA = "1.2.840.10008.5.1.4.1.1.12.1"


def test_what_steps_made_becomes_a_derived_object() -> None:
    clip = replace(make_clip(), acquisition=Acquisition(sop_class_uid=XA))
    choices = Choices(format="dcm")
    made = make_view(process(clip, pipeline_of(["median"])))
    assert ("format", "dcm") not in unavailable(made, choices)
    other = make_view(replace(clip, processed=("AI",)))  # changed by no step
    assert ("format", "dcm") in unavailable(other, choices)


def test_a_recipe_holds_the_steps_of_its_view() -> None:
    pipeline = pipeline_of(["median", "gaussian:sigma=2"])
    view = replace(make_view(), pipeline=pipeline)
    recipe = recipe_of(view, Choices(format="mp4"))
    assert recipe.step == pipeline
    assert problem_of(view, recipe, "mine") == ""
    assert "by other steps" in problem_of(make_view(), recipe, "mine")
    assert problem_of(make_view(), Recipe(), "plain") == ""
    assert "data sets" in problem_of(make_view(), Recipe(dataset=True), "set")
