"""Slices of one message each, also in the server that opens contents: it loads this module ahead."""

from rollcall.items.parsers import mbox

mbox.SHARD_MESSAGES = 1
