"""Sigma rules: parsed by pySigma, judged by our own kernel."""
