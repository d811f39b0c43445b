"""`python -m showground` is `showground`."""

from showground.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
