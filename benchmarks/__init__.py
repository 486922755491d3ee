"""What the product costs: intake, screens, saving time, rating, invoice runs and memory, on a generated firm.

The desk is measured once more with 100,000 tickets and 300,000 messages (`TICKETS`), also written as plain JSON lines
into `build/bench-data`, beside the floor of a bare Django page in the same run.

`make bench` runs them all and writes `build/bench.json` with the machine described. Compare figures of one run only, as
ratios: machines are noisy.
"""
