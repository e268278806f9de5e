"""Resolve mentions to people: identifiers, names and birth dates under cannot-link constraints."""
