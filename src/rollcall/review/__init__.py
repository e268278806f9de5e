"""What people ruled: decisions held by anchors, put back in their places after every run."""
