"""QTI of any version, 2.0 to 3.0, in items and packages: reading only."""

from showground.interchange.questions.qti_package import read

__all__ = ["read"]
