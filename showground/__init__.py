"""Showground runs a public-awareness week in the open."""

__version__ = "0.1.0"
