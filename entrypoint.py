import gc
import sys

gc.disable()  # while modules load, which makes no garbage: 7 % of the start

from hfspace_action.main import main  # noqa: E402

sys.exit(main())
