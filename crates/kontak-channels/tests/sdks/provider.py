"""The server `echo_webhooks`, and an interface that stands in for all providers."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

# As in `echo_webhooks`.
SECRET = "a-secret-of-at-least-sixteen-bytes"
TOKEN = "an-access-token"
# What the provider calls. The server hears it through a proxy, at another address.
PUBLIC = "https://hooks.shop.example"

TAKEN = {
    "/line/v2/bot/message/push": {"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]},
    "/zalo/message/cs": {"error": 0, "message": "Success", "data": {"message_id": "z9"}},
    "/till": {"id": "t9"},
    "/forum/posts.json": {"id": 1043, "topic_id": 77},
    "/2010-04-01/Accounts/AC1/Messages.json": {"sid": "SM9"},
    "/2010-04-01/Accounts/AC1/Calls/CA1.json": {"sid": "CA1"},
    f"/telegram/bot{TOKEN}/sendMessage": {
        "ok": True,
        "result": {"message_id": 78, "date": 1770000000, "chat": {"id": 7, "type": "private"}},
    },
    "/graph/106540352242922/messages": {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "6281290435517", "wa_id": "6281290435517"}],
        "messages": [{"id": "wamid.9"}],
    },
}


class Written:
    """A request that somebody wrote to the interface."""

    def __init__(self, path, headers, body):
        self.path, self.headers = path, headers
        if headers.get_content_type() == "application/json":
            self.content = json.loads(body)
        else:
            self.content = parse_qs(body.decode(), strict_parsing=True)

    @property
    def authorization(self):
        return self.headers["authorization"]


class Interface(ThreadingHTTPServer):
    def __init__(self):
        self.written = queue.Queue()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def next(self):
        return self.written.get(timeout=20)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = TAKEN.get(self.path)
        text = json.dumps(answer or {"error": f"nothing at {self.path}"}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.server.written.put(Written(self.path, self.headers, body))

    def log_message(self, *_):
        pass


class Server:
    def __init__(self, port):
        self.own = f"http://127.0.0.1:{port}"
        self.taken = self.refused = 0

    def ask(self, path, body=None, headers={}):
        """The status and the body of an answer."""
        request = urllib.request.Request(self.own + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def takes(self, path, body, headers):
        status, answer = self.ask(path, body, headers)
        assert status == 200, f"{path}: a genuine request is answered {status}"
        self.taken += 1
        return answer

    def refuses(self, path, body, headers, why):
        status, _ = self.ask(path, body, headers)
        assert status == 401, f"{path}: {why}: answered {status}"
        self.refused += 1

    def refuses_changes(self, path, body, headers):
        """Each thirteenth byte of the body, changed."""
        for at in range(0, len(body), 13):
            forged = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
            self.refuses(path, forged, headers, f"byte {at} was changed")


@contextlib.contextmanager
def started(interface):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [os.environ["SERVER"], f"127.0.0.1:{port}", PUBLIC, interface.address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert "listening" in process.stdout.readline(), "the server did not start"
        # What it prints is read, so that it never waits for a reader.
        said = []
        threading.Thread(target=lambda: said.extend(process.stdout), daemon=True).start()
        server = Server(port)
        server.said = said
        yield server
    finally:
        process.terminate()
        process.wait(20)
