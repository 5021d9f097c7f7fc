"""``python -m longwatch``: the same as the ``longwatch`` command."""

import sys

from longwatch.cli import main

sys.exit(main())
