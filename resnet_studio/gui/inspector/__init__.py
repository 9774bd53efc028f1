"""The inspector: what is selected, its arguments and what it comes to."""
