"""Codes, keys and sealed bytes of the report desk; no Django, no files, no clock. Everything here is PyNaCl (libsodium).

Who can read what follows from who holds a key, not from who holds the database: see docs/formats/vault.md.
"""
