"""`make weigh`: what the action weighs. Fails when a bound is exceeded.

* The image: what it adds to its base, compressed as a registry keeps it; the time from the start of a container to the first line of its log.
* A run: which packages and which code of ours an unchanged deploy imports and does not use.
"""
