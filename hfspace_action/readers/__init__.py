"""What the files of a Space say: its Dockerfile, its requirements, its code. `explain` asks them after a failure, `foresight` and
`card` before.

All text is from others: readers search in it, line by line, and never run it.
"""
