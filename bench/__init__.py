"""Long measurements: faults put into the record, and rivals beside our own checks."""
