"""Ways in that are more than opening a path: one file each."""
