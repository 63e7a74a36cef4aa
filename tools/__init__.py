"""What the Makefile calls: pins, reference pages, figures and the offline install. Not part of the product."""
