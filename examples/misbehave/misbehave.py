"""Does wrong what a program can do wrong, as MODE says: see README.md."""

import os
import signal
import socket
import sys
import threading
import time

MODE = os.environ.get("MODE", "exit")
SECONDS = float(os.environ.get("SECONDS_TO_LIVE", "5"))


def say(text):
    print(text, flush=True)


def serve():
    """Answers everything with 200, each caller on a thread of its own."""
    server = socket.create_server(
        (os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))), backlog=1024)
    while True:
        client, _ = server.accept()
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def answer(client):
    with client:
        client.settimeout(5)
        try:
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
        except OSError:
            return  # the caller went away: nobody is left to tell


def flood():
    line = "flood " + "x" * 200
    number = 0
    while True:
        number += 1
        print(number, line)


def main():
    say(f"misbehaving: {MODE}")
    if MODE == "silent":  # runs, and never listens
        signal.pause()
    elif MODE == "exit":  # ends at once
        say("reading the configuration")
        say("cannot go on: the database is not there")
        sys.exit(3)
    elif MODE == "flood":  # serves, and writes without end
        threading.Thread(target=serve, daemon=True).start()
        flood()
    elif MODE == "crash":  # serves for a while
        threading.Thread(target=serve, daemon=True).start()
        time.sleep(SECONDS)
        say("crashing now")
        os.abort()
    elif MODE == "eat":  # serves, and takes more and more memory
        threading.Thread(target=serve, daemon=True).start()
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)))
            time.sleep(0.01)
    elif MODE == "stubborn":  # serves, and does not end when asked
        signal.signal(signal.SIGTERM, lambda *_: say("asked to end; will not"))
        threading.Thread(target=serve, daemon=True).start()
        while True:
            signal.pause()
    else:
        say("unknown MODE: expected silent, exit, flood, crash, eat or stubborn")
        sys.exit(2)


if __name__ == "__main__":
    if MODE != "stubborn":
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    main()
