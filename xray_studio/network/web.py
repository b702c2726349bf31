"""DICOMweb (PS3.18): sessions with a service, and its failures as sentences."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from dicomweb_client import DICOMwebClient
from requests.adapters import HTTPAdapter

from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.node import Node
from xray_studio.network.association import tls_context
from xray_studio.network.quiet import silence

JSON: Final = "application/dicom+json"
_REASONS: Final = {
    401: "wants a user and a password; correct those of the node",
    403: "does not allow this; ask whoever runs it",
    404: "has no such thing; check the URL of the node",
    405: "does not do this; check the URL of the node",
    413: "takes no object as large as this",
    415: "does not take this transfer syntax",
    429: "is asked too often; wait",
    503: "has no time now; wait",
}

silence()


class _Session(requests.Session):
    """A session that waits no longer than the node's settings say."""

    def __init__(self, node: Node, password: str) -> None:
        super().__init__()
        self._waits = (node.connect_timeout, node.answer_timeout)
        self.trust_env = False  # passwords come from the keyring alone, not from ~/.netrc
        self.proxies = requests.utils.get_environ_proxies(node.url)
        if node.bearer:
            self.headers["Authorization"] = f"Bearer {password}"
        elif node.user:
            self.auth = (node.user, password)
        self.verify = node.tls.authority or True
        if node.tls.certificate:
            self.mount("https://", _Certified(node))

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        options["timeout"] = options.get("timeout") or self._waits
        return super().request(*arguments, **options)


class _Certified(HTTPAdapter):
    """Connects as whom a node's certificate shows, whose key may be locked."""

    def __init__(self, node: Node) -> None:
        self._context = tls_context(node)
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)


@contextmanager
def session(node: Node, password: str) -> Iterator[requests.Session]:
    """Open a session with a service."""
    with _Session(node, password) as made:
        yield made


def client(node: Node, made: requests.Session) -> DICOMwebClient:
    """Return what asks a service within a session."""
    found = DICOMwebClient(node.url, session=made)
    found.set_http_retry_params(retry=False)
    return found


@contextmanager
def told(node: Node) -> Iterator[None]:
    """Tell failures of requests as PeerError."""
    try:
        yield
    except requests.RequestException as error:
        raise PeerError(why(node, error)) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise PeerError(f"{node.told} answers in no way that DICOMweb knows.") from error


def why(node: Node, error: requests.RequestException) -> str:
    """Return in a sentence why a request failed."""
    if error.response is not None:
        return why_status(node, error.response.status_code)
    if isinstance(error, requests.exceptions.SSLError):
        return f"{node.told} is not trusted over TLS; check its certificates."
    if isinstance(error, requests.exceptions.Timeout):
        return f"{node.told} gives no answer in time; check the network, or wait longer."
    if isinstance(error, requests.exceptions.ConnectionError):
        return f"{node.told} cannot be reached at {node.url}; check the network and the URL."
    return f"{node.told} cannot be asked ({type(error).__name__}); check its URL."


def why_status(node: Node, status: int) -> str:
    """Return in a sentence what an HTTP status other than success means."""
    reason = _REASONS.get(status, "fails; ask whoever runs it")
    if status == 401 and node.bearer:
        reason = "does not take this token; give the node a new one"
    return f"{node.told} {reason} (HTTP {status})."


def never_left(error: requests.RequestException) -> bool:
    """Tell whether a request failed before anything of it went out."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ == "NewConnectionError" or isinstance(reason, ssl.SSLError)
