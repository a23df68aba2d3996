"""HTTP/1.1 (RFC 9112) for replays: many small requests over few connections, at little cost.

It does what replays need and no more: no redirects, no cookies, no proxies, no upgrades.
``httptools`` (llhttp) reads the responses; what remains is which connection takes a request,
when it can be used again, and what to say where it breaks.
"""
