"""Run named tasks over orders in the store: locally under a supervisor, or on a cluster.

This file imports nothing: the store needs `engine.outcome`, and the rest of the engine needs the store.
"""
