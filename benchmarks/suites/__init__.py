"""The suites of measurements: each module has `run`, which measures one kind of work and returns a report."""
