"""Answers with JSON; uses nothing but Python's own library."""

import json
import os
import platform
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

served = count(1)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({
            "app": os.environ.get("HOLT_APP", "python"),
            "index": int(os.environ.get("HOLT_INDEX", "0")),
            "runtime": "python " + platform.python_version(),
            "served": next(served),
        }).encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 1024
    daemon_threads = True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = int(os.environ.get("PORT", "8080"))
    server = Server((os.environ.get("HOST", "0.0.0.0"), port), Answer)
    print("listening at port", port)
    server.serve_forever()
