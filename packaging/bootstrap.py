"""Start, test, check and build X-Ray Studio with nothing but Python 3.11.

    python3 packaging/bootstrap.py run [PATH ...]     the window on the demonstration or on PATHs
    python3 packaging/bootstrap.py test [OPTION ...]  every test; options go to pytest
    python3 packaging/bootstrap.py check              format, lint, types, imports, tests
    python3 packaging/bootstrap.py build              wheel and one-folder program in dist/
    python3 packaging/bootstrap.py lock [--upgrade]   pins every dependency again

This file keeps to syntax that old Pythons can read, so that they too answer in one line.
"""

import sys


def main() -> int:
    """Refuse an old Python in one line, else hand over and return the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - says so instead of failing on syntax
        version = sys.version.split()[0]
        sys.stderr.write("X-Ray Studio needs Python 3.11 or newer; this is Python " + version)
        sys.stderr.write(". Install it and run: python3.11 packaging/bootstrap.py\n")
        return 1
    from studio_setup.main import main as setup

    return setup(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
