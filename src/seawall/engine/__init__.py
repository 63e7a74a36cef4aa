"""The lake of events, the views detectors read, and the engine that answers."""
