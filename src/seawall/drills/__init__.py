"""A labelled intrusion, played in at the same door as real evidence."""
