"""Items: open what was handed over, each content once, and split it into the parts one would point at."""
