"""Serves interactive (H5) works, each on an origin of its own: no cookies, no database, no secrets, no Django.

For the site's front (`wsgi.py`):

    from showground.sandbox.app import application, hash_of
    works = application(store, main_origin, domain)    # a WSGI callable; store is <data>/works/h5, domain "h5.localhost"
    hash_of(host, domain)                              # "" unless the Host header names a work: then it belongs to `works`

For the page that embeds a work (`showcase`):

    from showground.sandbox.headers import frame, frame_origin
    frame(hash32, site_url, domain)     # {"src", "sandbox", "allow", "referrerpolicy"}: the attributes of the iframe
    frame_origin(hash32, site_url, domain)             # the one origin that the page's CSP frame-src names

A folder <store>/<hash32> is what `media`'s tool "package" left in `out`/h5. A file <store>/<hash32>.gone takes a work down: 410.
"""
