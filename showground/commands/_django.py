"""Starts Django inside a command."""

from __future__ import annotations

import os


def ready(*, database: bool = True) -> None:
    """Django's rooms are loaded with the settings of the environment; a database that is not set up ends the command in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "showground.settings")  # noqa: TID251
    import django

    django.setup()
    if database:
        _must_be_migrated()


def _must_be_migrated() -> None:
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise SystemExit(f"The database does not answer: {error}")
    if waiting:
        raise SystemExit(f"The database lacks {len(waiting)} migrations. Run: showground manage migrate")
