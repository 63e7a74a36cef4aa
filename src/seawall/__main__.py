"""`python -m seawall` and the `seawall` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from seawall.cli.main import run

    run()


if __name__ == "__main__":
    main()
