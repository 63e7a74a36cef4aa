"""Every spelling of one identifier becomes one canonical form, so that a keyed hash of it can be compared.

To add a form: one function in the file of its family, one line in `normalise.FORMS`.
"""
