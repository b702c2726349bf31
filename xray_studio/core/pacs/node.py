"""Nodes: programs on the network that take, find and give objects, and how they are reached."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from xray_studio.core.errors import UsageError

OWN_TITLE: Final = "XRAYSTUDIO"
LONGEST_TITLE: Final = 16  # characters of an AE title (PS3.5 table 6.2-1)
PDU_RANGE: Final = (4096, 131_072)
MOST_ASSOCIATIONS: Final = 16
LONGEST_WAIT: Final = 3600.0  # seconds

_NAME: Final = re.compile(r"[\w.-]{1,64}")
_ADDRESS: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):(?P<port>\d{1,5})/(?P<title>.+)"
)
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_LOCAL: Final = re.compile(r"[\x20-\x7e]*")


class Kind(StrEnum):
    """How a node is talked to."""

    DIMSE = "dimse"
    DICOMWEB = "dicomweb"


@dataclass(frozen=True, slots=True)
class Tls:
    """What makes a connection private. Files are named by their paths, in PEM.

    `authority` holds the certificates that are trusted, "" for those of the system; `certificate`
    and `key` show who this program is, "" where nobody asks. `passphrase` opens a key that is
    locked: it is kept in the system's keyring, and stands here only while it is needed.
    """

    on: bool = False
    authority: str = ""
    certificate: str = ""
    key: str = ""
    passphrase: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `name` is "" where an address was given instead of a name.

    `called_ae_title` is the node's own, `calling_ae_title` that of this program. `connect_timeout`
    and `answer_timeout` are seconds; `maximum_length` is that of a PDU in bytes that this program
    takes. `associations` may send at the same time. `backup` is the name of the node that takes
    what this one cannot. With `send_unasked` an object of which nobody can tell whether it arrived
    is sent again. `user` goes with a password in the system's keyring; with `bearer` a DICOMweb
    service gets a token from there instead.
    """

    name: str = ""
    kind: Kind = Kind.DIMSE
    host: str = ""
    port: int = 104
    called_ae_title: str = ""
    calling_ae_title: str = OWN_TITLE
    url: str = ""
    user: str = ""
    tls: Tls = field(default=Tls())
    connect_timeout: float = 10.0
    answer_timeout: float = 60.0
    maximum_length: int = 65_536
    associations: int = 3
    backup: str = ""
    send_unasked: bool = False
    bearer: bool = False

    @property
    def address(self) -> str:
        """The node in one word that `node_of` understands."""
        if self.kind is Kind.DICOMWEB:
            return self.url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}/{self.called_ae_title}"

    @property
    def told(self) -> str:
        """What the node is called in sentences."""
        return self.name or self.address


def node_of(address: str) -> Node:
    """Return the node at host:port/AETITLE or at the URL of a DICOMweb service.

    Raises UsageError for anything else.
    """
    if address.startswith(("http://", "https://")):
        secure = address.startswith("https://")
        return checked(Node(kind=Kind.DICOMWEB, url=address.rstrip("/"), tls=Tls(on=secure)))
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise UsageError(
            f"{address} is no node; give the name of one, host:port/AETITLE, or a URL."
        )
    host = found["host"].strip("[]")
    return checked(Node(host=host, port=int(found["port"]), called_ae_title=found["title"]))


def is_address(text: str) -> bool:
    """Tell whether text is the address of a node rather than its name."""
    return "/" in text


def checked(node: Node) -> Node:
    """Return a node whose values fit. Raises UsageError with what does not and what would."""
    if node.name and not _NAME.fullmatch(node.name):
        raise UsageError("A node's name has letters, digits, - . and _ only; choose another one.")
    if node.backup and node.backup == node.name:
        raise UsageError("A node cannot be its own backup; name another one.")
    if node.bearer and (node.user or node.kind is not Kind.DICOMWEB):
        raise UsageError("A token is for a DICOMweb service, and stands in place of a user.")
    if node.kind is Kind.DICOMWEB:
        _check_url(node)
    else:
        _check_dimse(node)
    for seconds in (node.connect_timeout, node.answer_timeout):
        if not 0.0 < seconds <= LONGEST_WAIT:
            raise UsageError("A time-out is more than 0 and at most 3600 seconds; choose another.")
    if not 1 <= node.associations <= MOST_ASSOCIATIONS:
        raise UsageError(f"1 to {MOST_ASSOCIATIONS} associations may send at the same time.")
    if bool(node.tls.certificate) != bool(node.tls.key):
        raise UsageError("A certificate needs its key, and a key its certificate; name both.")
    return node


def _check_dimse(node: Node) -> None:
    if not node.host or any(letter.isspace() for letter in node.host):
        raise UsageError("A node needs a host, as its name on the network or its IP address.")
    if not 1 <= node.port <= 65_535:
        raise UsageError(f"{node.port} is no port; a port is 1 to 65535.")
    for title in (node.called_ae_title, node.calling_ae_title):
        check_title(title)
    low, high = PDU_RANGE
    if node.maximum_length and not low <= node.maximum_length <= high:
        raise UsageError(f"The maximum length of a PDU is {low} to {high} bytes.")


def check_title(title: str) -> None:
    """Raise UsageError for what is no AE title (PS3.5 table 6.2-1)."""
    fits = title.strip() and _LOCAL.fullmatch(title) and "\\" not in title
    if not fits or len(title) > LONGEST_TITLE:
        raise UsageError(
            f"An AE title has 1 to {LONGEST_TITLE} plain letters, digits and signs, no backslash."
        )


def _check_url(node: Node) -> None:
    try:
        parts = urlsplit(node.url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise UsageError(f"{node.url or 'Nothing'} is no URL of a DICOMweb service: https://….")
    if node.bearer and parts.scheme == "http" and parts.hostname not in _HERE:
        raise UsageError("A token would be open to read on the way; give a URL with https://….")
    if parts.username or parts.password:
        raise UsageError(
            "A URL holds no password; give the user apart, and the password goes to the keyring."
        )
    if parts.query or parts.fragment:
        raise UsageError("The URL of a DICOMweb service ends before ? and #; leave that out.")
