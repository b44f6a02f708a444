"""Downloads from a server on this machine: complete and recognised, or nothing at all."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.data import Download, Place, Raw, Source, downloading, load_data
from sparsegraph.data import download as fetch
from sparsegraph.errors import DataSetError, MissingDataError

CONTENT = bytes(range(256)) * 2000
MD5 = hashlib.md5(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT whole, cut short, late, or not at all, by the path asked for; remembers what was asked."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/late":
            time.sleep(1)
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client goes away, as it should, from a late answer
            self.wfile.write(CONTENT[:1000] if self.path == "/short" else CONTENT)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def source(*urls: str, md5: str = MD5) -> Source:
    def read(place: Place) -> Raw:
        path = place.roots[0] / "bytes" / "file.bin"
        if not path.is_file():
            raise MissingDataError("file.bin is missing")
        images = np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, 256)
        return Raw((images, np.arange(len(images)) % 2), None, (1, 16, 16), 2)

    return Source("bytes", "Bytes", read, downloads=(Download("bytes", "file.bin", urls, md5),))


def test_a_file_arrives_whole_and_once(tmp_path: Path, server: str) -> None:
    heard: list[tuple[str, int, int | None]] = []
    (path,) = fetch(source(f"{server}/file"), folder=tmp_path, progress=lambda *said: heard.append(said))
    assert path == tmp_path / "bytes" / "file.bin"
    assert path.read_bytes() == CONTENT
    assert heard[-1] == ("file.bin", len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in heard] == sorted({done for _, done, _ in heard})
    assert list(path.parent.iterdir()) == [path]
    assert fetch(source(f"{server}/file"), folder=tmp_path) == (path,)
    assert Handler.asked == ["/file"]


def test_a_wrong_file_that_is_there_is_replaced(tmp_path: Path, server: str) -> None:
    (tmp_path / "bytes").mkdir()
    (tmp_path / "bytes" / "file.bin").write_bytes(b"old")
    (path,) = fetch(source(f"{server}/file"), folder=tmp_path)
    assert path.read_bytes() == CONTENT


def test_the_next_mirror_is_asked(tmp_path: Path, server: str) -> None:
    urls = (f"{server}/missing", f"{server}/short", f"{server}/late", f"{server}/file")
    (path,) = fetch(source(*urls), folder=tmp_path, timeout=0.3)
    assert path.read_bytes() == CONTENT
    assert Handler.asked == ["/missing", "/short", "/late", "/file"]


@pytest.mark.parametrize(
    ("path", "md5", "message"),
    [
        ("/missing", MD5, "404"),
        ("/short", MD5, "file.bin could not be downloaded"),
        ("/file", MD5[::-1], f"has MD5 {MD5}"),
    ],
)
def test_nothing_is_left_of_a_failure(tmp_path: Path, server: str, path: str, md5: str, message: str) -> None:
    with pytest.raises(DataSetError, match=message) as failure:
        fetch(source(server + path, md5=md5), folder=tmp_path)
    assert str(tmp_path / "bytes") in str(failure.value)
    assert list((tmp_path / "bytes").iterdir()) == []


def test_an_endless_answer_is_left(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "MOST_BYTES", 1000)
    with pytest.raises(DataSetError, match="more than 1000 bytes"):
        fetch(source(f"{server}/file"), folder=tmp_path)


def test_no_network_and_other_addresses(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(CONTENT)
    with pytest.raises(DataSetError, match=r"refused.*not a web address"):
        fetch(source("http://127.0.0.1:9/file", secret.as_uri()), folder=tmp_path, timeout=2)


def test_loading_asks_no_server_unless_told(tmp_path: Path, server: str) -> None:
    with pytest.raises(MissingDataError):
        load_data(source(f"{server}/file"), folder=tmp_path)
    assert Handler.asked == []
    data = load_data(source(f"{server}/file"), folder=tmp_path, download=True)
    assert len(data.train) + len(data.test) == 2000
    load_data(source(f"{server}/file"), folder=tmp_path, download=True)
    assert Handler.asked == ["/file"]


@pytest.mark.parametrize("name", ["cifar10-q75", "digits"])
def test_sets_that_are_not_offered(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataSetError, match="not offered for download"):
        fetch(name, folder=tmp_path)
