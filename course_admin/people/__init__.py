"""What concerns a person on every floor: duplicates side by side, everything to take away, erasure after retention."""
