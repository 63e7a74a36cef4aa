"""What the questions about flows share: which side began, which side is ours, and how even a beat is."""
