"""Evidence: take in what was handed over, register it, hash it, and say how it came."""
