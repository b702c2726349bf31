"""Archives and keyrings for tests of the window."""

from __future__ import annotations

from tests.peers import orthanc  # noqa: F401 - a fixture, which pytest finds here
from tests.services.pacs.conftest import own_keyring  # noqa: F401 - a fixture, too
