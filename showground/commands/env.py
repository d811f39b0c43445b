"""Prints every setting of the environment: name, value, where it came from."""

from __future__ import annotations

from showground import env


def main(argv: list[str]) -> int:
    """Prints a line per variable; secrets are not shown."""
    for variable in env.VARIABLES:
        value = env.text(variable.name)
        shown = "(set)" if variable.kind == "secret" and value else value or "-"
        print(f"{variable.name:<30} {shown:<28} {env.origin_of(variable.name):<12} {variable.help}")
    return 0
