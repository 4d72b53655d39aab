"""Requests to servers on this machine. httpx2's own functions read the machine's certificates for each, which takes 30 ms."""

import functools

import httpx2

request = functools.partial(httpx2.request, verify=False)
get = functools.partial(httpx2.get, verify=False)
head = functools.partial(httpx2.head, verify=False)
post = functools.partial(httpx2.post, verify=False)
put = functools.partial(httpx2.put, verify=False)
delete = functools.partial(httpx2.delete, verify=False)
stream = functools.partial(httpx2.stream, verify=False)
