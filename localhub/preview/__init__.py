"""python -m localhub preview PATH: a folder as a Space on this machine, built and run as the Hub would."""
