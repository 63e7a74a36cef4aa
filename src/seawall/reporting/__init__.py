"""What people read: the terminal summary, the report, and the forms other systems take findings in."""
