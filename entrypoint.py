import sys

from hfspace_action.main import main

sys.exit(main())
