"""Opens a finished video again and tells what it holds: writers can fail silently."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from xray_studio.core.errors import WriteError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Checked, OutputSpec, Quality
from xray_studio.video.colour import to_array
from xray_studio.video.decoder import Decoder
from xray_studio.video.index import Packet, index_of, opened, read_packets
from xray_studio.video.planes import Picture

_EVERY = 256  # packets between two places to stop
