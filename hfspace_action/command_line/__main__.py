"""python -m hfspace_action.command_line: hf-space-deploy where it is not installed."""

import sys

from .main import main

sys.exit(main())
