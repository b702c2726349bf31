"""Archives that tests of the network send to."""

from tests.peers import orthanc, storescp  # noqa: F401 - fixtures, which pytest finds here
