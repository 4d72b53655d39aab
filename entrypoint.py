import gc
import signal
import sys

gc.disable()  # while modules load, which makes no garbage: 7 % of the start

# Those that come meanwhile would end the step without a report, or be lost to process 1 of a container.
early: list[int] = []
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, _frame: early.append(number))

if len(sys.argv) > 1:
    from hfspace_action.command_line.main import main
else:
    from hfspace_action.main import main

sys.exit(main(early))
