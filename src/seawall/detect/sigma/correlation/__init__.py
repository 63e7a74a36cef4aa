"""Sigma correlations: questions to the matches of other rules, over sliding windows.

`reading` turns a document into a `rule.Correlation`; `linking` finds the rules it names; `gather` holds the matches
those make; `evaluate` is the pure function from one group's matches to windows; `findings` tells what was found.
"""
