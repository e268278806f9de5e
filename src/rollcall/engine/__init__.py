"""Run named tasks over orders in the store: locally under a supervisor, or on a cluster."""
