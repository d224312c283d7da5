"""moto's server, which carries out one PUT at a time: of two with `If-None-Match: *` it would let both make the object."""

import sys
from threading import Lock

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


class OnePutAtATime:
    def __init__(self, app):
        self.app = app
        self.lock = Lock()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] != "PUT":
            return self.app(environ, start_response)
        with self.lock:
            return self.app(environ, start_response)


app = OnePutAtATime(DomainDispatcherApplication(create_backend_app))
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
