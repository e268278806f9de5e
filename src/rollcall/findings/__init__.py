"""Find: scan text, read tables by their headers and content, weigh. Writes findings and columns."""
