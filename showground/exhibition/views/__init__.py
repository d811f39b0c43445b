"""Halls and boards as visitors see them."""
