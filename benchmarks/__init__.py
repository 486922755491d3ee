"""What the product costs: intake, screens, saving time, rating, invoice runs and memory, on a generated firm.

`make bench` runs them all and writes `build/bench.json` with the machine described. Compare figures of one run only, as
ratios: machines are noisy.
"""
