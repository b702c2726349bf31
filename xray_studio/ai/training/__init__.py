"""The training loop: the same for every network, and after a kill it goes on as if nothing was."""

from xray_studio.ai.training.loop import train
from xray_studio.ai.training.plan import Plan
from xray_studio.ai.training.state import Epoch
from xray_studio.ai.training.task import Task

__all__ = ["Epoch", "Plan", "Task", "train"]
