import gc
import sys

gc.disable()  # while modules load, which makes no garbage: 7 % of the start

if len(sys.argv) > 1:
    from hfspace_action.command_line.main import main
else:
    from hfspace_action.main import main

sys.exit(main())
