"""Receives webhooks: checks each with the library of the Standard Webhooks specification, and prints it as a line of JSON.

Arguments: the secret; the statuses to answer with in turn, of which the last one stays; seconds to wait before each answer.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(sys.argv[1])
statuses = [int(status) for status in sys.argv[2].split(",")]
wait = float(sys.argv[3])
lock = Lock()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            webhook.verify(body, dict(self.headers))
            fault = None
        except WebhookVerificationError as error:
            fault = str(error)
        heard = {"id": self.headers["webhook-id"], "path": self.path, "fault": fault, "body": json.loads(body)}
        with lock:
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            print(json.dumps(heard), flush=True)
        time.sleep(wait)
        self.send_response(status if fault is None else 401)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
