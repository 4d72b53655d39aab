"""The Xet side of the Hub: a content-addressed store (CAS) over HTTP, and how the Hub sends its clients there.

formats      hashes.py, xorb.py, shard.py
what is kept store.py, and reconstruction.py to get it back
who may      tokens.py
over HTTP    connection.py (the Hub's routes and headers), cas.py (the CAS's own)
"""

from .cas import routes as _cas
from .connection import routes as _connection
from .connection import upload_action, xet_hash, xet_headers
from .service import Xet

__all__ = ["Xet", "routes", "upload_action", "xet_hash", "xet_headers"]

routes = [*_connection, *_cas]
