"""Fetching from a real server on this machine that misbehaves in every way that a mirror can."""

import contextlib
import gzip
import hashlib
import io
import logging
import random
import threading
import time
import tracemalloc
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from mythical_digit.data.fetching import fetch
from mythical_digit.data.unpacking import packed_limit
from mythical_digit.data.web import Limits, index_address
from mythical_digit.errors import UserError

LIMITS = Limits(connect=1, read=0.25, total=5, unreachable=1, attempts=3, wait=0.01)
FILES = {"images": random.Random(1).randbytes(200_000), "labels": random.Random(2).randbytes(5_000)}
EXPECTED = {name: {"bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()} for name, b in FILES.items()}
ONE = {"labels": EXPECTED["labels"]}
LOG = logging.getLogger("test")
JSON = "application/vnd.pypi.simple.v1+json"
HTML = b"<!DOCTYPE html>\n<html><body>Please log in</body></html>" * 200


class Server(ThreadingHTTPServer):
    """Answers a path by calling `routes[path](handler)`; remembers the paths in `asked`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.routes = {}
        self.asked = []
        self.stopped = threading.Event()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        with contextlib.suppress(ConnectionError):  # the client hung up, as it should
            self.server.routes.get(self.path, lambda handler: handler.answer(b"", status=404))(self)

    def answer(self, body, status=200, length=None, kind="application/octet-stream"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch):
    for scheme in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")


def body(content, **how):
    return lambda handler: handler.answer(content, **how)


def in_turn(*answers):
    remaining = iter(answers)
    return lambda handler: next(remaining)(handler)


def serve(server, folder, name, content):
    server.routes[f"/{folder}/{name}.gz"] = content if callable(content) else body(content)


def url(server, folder="good"):
    return {"url": f"{server.url}/{folder}/{{file}}.gz"}


@pytest.fixture
def good(server):
    """A source that has the files."""
    for name, content in FILES.items():
        serve(server, "good", name, gzip.compress(content))
    return url(server)


def get(tmp_path, sources, files=EXPECTED, limits=LIMITS, log=LOG):
    paths = {name: tmp_path / "out" / name for name in files}
    fetch(files, sources, paths, log, progress=False, limits=limits)
    for name, path in paths.items():
        assert path.read_bytes() == FILES[name]


def refusal(tmp_path, source, files=ONE, limits=LIMITS):
    """The message when `source` is the only one; asserts that nothing was left on the disk."""
    with pytest.raises(UserError) as caught:
        get(tmp_path, [source], files, limits)
    assert not list((tmp_path / "out").glob("*"))
    return str(caught.value)


# HTTP


def test_files_come_from_the_first_source_that_has_them(tmp_path, server, good):
    get(tmp_path, [good, url(server, "other")])
    assert server.asked == ["/good/images.gz", "/good/labels.gz"]


def test_a_file_that_is_missing_is_taken_from_the_next_source_and_the_others_are_not_fetched_again(
    tmp_path, server, good
):
    serve(server, "half", "images", gzip.compress(FILES["images"]))
    get(tmp_path, [url(server, "half"), good])
    assert server.asked == ["/half/images.gz", "/half/labels.gz", "/good/labels.gz"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(tmp_path, server, status):
    busy = body(b"", status=status)
    serve(server, "busy", "labels", in_turn(busy, busy, body(FILES["labels"])))
    get(tmp_path, [url(server, "busy")], ONE)


def test_a_truncated_answer_is_asked_for_again(tmp_path, server):
    cut = body(FILES["labels"][:-1], length=5_000)
    serve(server, "cut", "labels", in_turn(cut, cut, body(FILES["labels"])))
    get(tmp_path, [url(server, "cut")], ONE)


wrong = bytes(5_000)


@pytest.mark.parametrize(
    ("answer", "reason", "attempts"),
    [
        (body(b"", status=404), "HTTP 404 Not Found", 1),
        (body(b"", status=403), "HTTP 403 Forbidden", 1),
        (body(b"", status=503), "HTTP 503 Service Unavailable", 3),
        (
            body(wrong),
            f"SHA-256 {hashlib.sha256(wrong).hexdigest()[:12]}…, expected {ONE['labels']['sha256'][:12]}…",
            1,
        ),
        (body(FILES["labels"][:-1]), "4999 bytes, expected 5000, uncompressed", 1),
        (body(FILES["labels"] + b"x"), "more than the expected 5000 bytes", 1),
        (body(gzip.compress(FILES["labels"] + b"x")), "more than the expected 5000 bytes", 1),
        (body(HTML), "an HTML page, not the file", 1),
        (body(gzip.compress(FILES["labels"])[:-9]), "truncated: the gzip stream has no end", 1),
        (body(gzip.compress(FILES["labels"])[:-8] + bytes(8)), "damaged gzip", 1),
        (body(b"x", length=5_000), "truncated: the connection ended early", 3),
        (lambda handler: handler.connection.close(), "the connection broke", 3),
    ],
)
def test_a_wrong_answer_is_refused_with_its_reason(tmp_path, server, answer, reason, attempts):
    serve(server, "bad", "labels", answer)
    assert f"- {server.url}/bad/labels.gz: {reason}" in refusal(tmp_path, url(server, "bad"))
    assert len(server.asked) == attempts


def test_a_stalled_server_is_given_up_and_not_asked_for_the_other_files(tmp_path, server, good):
    serve(server, "stalled", "images", lambda _: server.stopped.wait(10))
    start = time.monotonic()
    get(tmp_path, [url(server, "stalled"), good])
    assert time.monotonic() - start < 3
    assert server.asked.count("/stalled/images.gz") == 3
    assert "/stalled/labels.gz" not in server.asked


def dribble(handler, content):
    for i in range(len(content)):
        handler.wfile.write(content[i : i + 1])
        if handler.server.stopped.wait(0.05):
            return


def dribble_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    dribble(handler, bytes(5_000))


@pytest.mark.parametrize("answer", [dribble_body, lambda handler: dribble(handler, b"HTTP/1.0 200 OK" + b" " * 5_000)])
def test_a_server_that_dribbles_cannot_hold_us_up(tmp_path, server, answer):
    serve(server, "slow", "labels", answer)
    start = time.monotonic()
    limits = Limits(read=0.25, total=0.5)
    assert "not complete after 0.5 s" in refusal(tmp_path, url(server, "slow"), limits=limits)
    assert time.monotonic() - start < 2


def test_an_endless_answer_is_not_read_to_its_end(tmp_path, server, monkeypatch):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1_000):
            handler.wfile.write(bytes(1 << 16))

    received = []
    read = urllib3.HTTPResponse.read

    def counted(*args, **kwargs):
        data = read(*args, **kwargs)
        received.append(len(data))
        return data

    monkeypatch.setattr(urllib3.HTTPResponse, "read", counted)
    serve(server, "endless", "labels", endless)
    assert "more than the expected 5000 bytes" in refusal(tmp_path, url(server, "endless"))
    assert sum(received) <= packed_limit(5_000) + 1 < 7_000


def test_a_gzip_bomb_is_not_unpacked(tmp_path, server):
    serve(server, "bomb", "images", gzip.compress(bytes(100_000_000)))
    tracemalloc.start()
    message = refusal(tmp_path, url(server, "bomb"), files={"images": EXPECTED["images"]})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more than the expected 200000 bytes" in message
    assert peak < 10_000_000


@pytest.mark.parametrize("host", ["127.0.0.1:9", "no-such-host.invalid"])
def test_a_host_that_cannot_be_reached_costs_little_and_is_tried_for_one_file_only(tmp_path, good, caplog, host):
    caplog.set_level(logging.INFO)
    start = time.monotonic()
    get(tmp_path, [{"url": f"http://{host}/{{file}}"}, good])
    assert time.monotonic() - start < 4
    assert f"http://{host}/images: host could not be reached" in caplog.messages
    assert f"http://{host}/labels: host could not be reached" not in caplog.messages


def test_no_source_left_gives_each_reason_and_what_to_do(tmp_path, server):
    serve(server, "wrong", "labels", wrong)
    folder = tmp_path / "mine"
    sources = [url(server, "none"), url(server, "wrong"), {"folder": str(folder)}, {"url": "http://127.0.0.1:9/{file}"}]
    with pytest.raises(UserError) as caught:
        get(tmp_path, sources, ONE)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path}/out/labels: no source has this file")
    assert f"{server.url}/none/labels.gz: HTTP 404 Not Found" in message
    assert f"{server.url}/wrong/labels.gz: SHA-256" in message
    assert f"folder {folder} (labels or labels.gz): no such folder" in message
    assert "http://127.0.0.1:9/labels: host could not be reached" in message
    assert "`- folder: that/folder`" in message


def test_files_that_were_fetched_before_a_failure_stay(tmp_path, server):
    serve(server, "half", "images", FILES["images"])
    with pytest.raises(UserError, match=r"labels: no source"):
        get(tmp_path, [url(server, "half")])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["images"]


# Local files


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress)])
@pytest.mark.parametrize("kind", ["folder", "url"])
def test_local_files_may_be_plain_or_gzipped(tmp_path, kind, suffix, pack):
    folder = tmp_path / "my files"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / f"{name}{suffix}").write_bytes(pack(content))
    get(tmp_path, [{"folder": str(folder)} if kind == "folder" else {"url": f"{folder.as_uri()}/{{file}}{suffix}"}])


def test_a_folder_may_be_under_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "labels").write_bytes(FILES["labels"])
    get(tmp_path, [{"folder": "~"}], ONE)


def test_a_file_missing_in_a_folder_is_named(tmp_path):
    assert f"{tmp_path} (labels or labels.gz): No such file" in refusal(tmp_path, {"folder": str(tmp_path)})


# Package index


def zipped(members):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return archive.getvalue()


@pytest.fixture
def package(server, monkeypatch):
    """A function that serves an archive with this content on a package index and returns its source."""
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple")

    def source(content=None, **changes):
        archive = zipped({f"tiny/{name}.x": b for name, b in FILES.items()} if content is None else content)
        page = b'<!DOCTYPE html><a href="../../files/tiny-1-py3-none-any.whl">tiny-1-py3-none-any.whl</a>'
        server.routes["/simple/tiny/"] = body(page, kind="text/html")
        server.routes["/files/tiny-1-py3-none-any.whl"] = body(archive)
        return {
            "package": "tiny",
            "archive": "tiny-1-py3-none-any.whl",
            "bytes": len(archive),
            "sha256": hashlib.sha256(archive).hexdigest(),
            "members": {name: f"tiny/{name}.x" for name in FILES},
        } | changes

    return source


def test_an_archive_is_downloaded_once_for_all_files(tmp_path, server, package):
    get(tmp_path, [package()])
    assert server.asked == ["/simple/tiny/", "/files/tiny-1-py3-none-any.whl"]


def test_the_package_index_may_be_in_pips_configuration(tmp_path, server, package, monkeypatch):
    pytest.importorskip("pip")
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nindex-url = {server.url}/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.delenv("PIP_INDEX_URL")
    get(tmp_path, [package()])


def test_an_environment_without_pip_uses_the_public_index(monkeypatch):
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert index_address().startswith("https://")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sha256": "0" * 64}, "expected 000000000000…"),
        ({"bytes": 100}, "more than the expected 100 bytes"),
        ({"archive": "tiny-2-py3-none-any.whl"}, "the package index does not have this archive"),
        ({"package": "huge"}, "the package index does not have this package"),
        ({"members": {"labels": "tiny/gone"}}, "the archive has no member tiny/gone"),
    ],
)
def test_a_wrong_archive_is_refused_with_its_reason(tmp_path, package, changes, reason):
    assert reason in refusal(tmp_path, package(**changes))


def test_an_index_that_gives_no_page_is_refused(tmp_path, server, package):
    source = package()
    server.routes["/simple/tiny/"] = in_turn(
        body(b'{"meta": {"api-version": "9.0"}}', kind=JSON), body(b"{}", kind=JSON)
    )
    assert "the index has no readable page" in refusal(tmp_path, source)
    assert "the index has no readable page" in refusal(tmp_path, source)


def test_an_archive_that_is_no_zip_is_refused(tmp_path, server, package):
    expected = {"bytes": 5, "sha256": hashlib.sha256(b"hello").hexdigest()}
    source = package(**expected)
    server.routes["/files/tiny-1-py3-none-any.whl"] = body(b"hello")
    assert "not a readable zip archive" in refusal(tmp_path, source)


def test_an_index_that_fails_is_asked_for_one_file_only(tmp_path, server, package, good):
    source = package()
    server.routes["/simple/tiny/"] = body(b"", status=403)
    get(tmp_path, [source, good])
    assert server.asked.count("/simple/tiny/") == 1


@pytest.mark.parametrize("status", [403, 404, 503])
def test_credentials_are_never_shown(tmp_path, server, monkeypatch, caplog, status):
    caplog.set_level(logging.INFO)
    address = server.url.replace("//", "//user:secret@")
    server.routes["/simple/tiny/"] = body(b"", status=status)
    monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
    package = {"package": "tiny", "archive": "tiny-1.whl", "bytes": 1, "sha256": "", "members": {}}
    dead = "http://user:secret@127.0.0.1:9/{file}?key=secret"
    with pytest.raises(UserError) as caught:
        get(tmp_path, [package, {"url": f"{address}/{{file}}?key=secret"}, {"url": dead}])
    assert "127.0.0.1:9/images: host could not be reached" in str(caught.value)
    assert "secret" not in str(caught.value) + caplog.text


IDX = "train-labels-idx1-ubyte"
IDX_EXPECTED = {IDX: EXPECTED["labels"]}


@pytest.mark.parametrize("name", [IDX, f"{IDX}.gz", "train-labels.idx1-ubyte", "train-labels.idx1-ubyte.gz"])
def test_a_file_in_a_folder_may_have_any_name_that_mirrors_give_it(tmp_path, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_bytes(gzip.compress(FILES["labels"]) if name.endswith("gz") else FILES["labels"])
    fetch(IDX_EXPECTED, [{"folder": str(folder)}], {IDX: tmp_path / "out"}, LOG, progress=False)
    assert (tmp_path / "out").read_bytes() == FILES["labels"]


def test_a_folder_or_a_damaged_file_does_not_hide_a_good_one(tmp_path):
    folder = tmp_path / "mine"
    (folder / IDX).mkdir(parents=True)
    (folder / f"{IDX}.gz").write_bytes(gzip.compress(FILES["labels"])[:-9])
    (folder / "train-labels.idx1-ubyte.gz").write_bytes(gzip.compress(FILES["labels"]))
    fetch(IDX_EXPECTED, [{"folder": str(folder)}], {IDX: tmp_path / "out"}, LOG, progress=False)
    assert (tmp_path / "out").read_bytes() == FILES["labels"]


def test_each_file_of_a_folder_that_is_not_good_is_named(tmp_path):
    folder = tmp_path / "mine"
    (folder / IDX).mkdir(parents=True)
    (folder / f"{IDX}.gz").write_bytes(gzip.compress(FILES["labels"])[:-9])
    with pytest.raises(UserError) as caught:
        fetch(IDX_EXPECTED, [{"folder": str(folder)}], {IDX: tmp_path / "out"}, LOG, progress=False)
    assert f"{IDX}: Is a directory; {IDX}.gz: truncated" in str(caught.value)


@pytest.mark.parametrize("keys", [{"bytes"}, {"sha256"}, {"bytes", "sha256"}])
def test_size_and_checksum_of_the_gz_are_recognised(tmp_path, keys):
    packed = gzip.compress(FILES["labels"])
    of_packed = {"bytes": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / f"{IDX}.gz").write_bytes(packed)
    expected = {IDX: EXPECTED["labels"] | {key: of_packed[key] for key in keys}}
    with pytest.raises(UserError, match=r"in config\.yaml (is|are) of the \.gz; give those of the uncompressed file"):
        fetch(expected, [{"folder": str(folder)}], {IDX: tmp_path / "out"}, LOG, progress=False)
