"""A Hub for one rehearsal, in a process that can reach nothing of the job."""
