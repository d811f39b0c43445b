from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.mutation import remembered_signatures


@pytest.fixture(scope="package", autouse=True)
def _fast_signatures() -> Iterator[None]:
    """Many weeks here share their first checkpoints; each signature is verified once."""
    with remembered_signatures():
        yield
