"""The only place that knows intercept target identifiers: commits, compares, and shows one against a signature."""
