"""Requests to servers on this machine. httpx2's own functions read the machine's certificates for each, which takes 30 ms."""

import functools
import ssl

import httpx2

_UNREAD = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

request = functools.partial(httpx2.request, verify=_UNREAD)
get = functools.partial(httpx2.get, verify=_UNREAD)
head = functools.partial(httpx2.head, verify=_UNREAD)
post = functools.partial(httpx2.post, verify=_UNREAD)
put = functools.partial(httpx2.put, verify=_UNREAD)
delete = functools.partial(httpx2.delete, verify=_UNREAD)
stream = functools.partial(httpx2.stream, verify=_UNREAD)
