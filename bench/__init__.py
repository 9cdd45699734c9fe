"""Measurements as ratios: ours and something known, alternating in one run, so that the machine's mood cancels out."""
