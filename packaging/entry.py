"""Start of the one-folder program."""

import sys

from xray_studio.__main__ import main

sys.exit(main())
