"""Search-to-add: what can be added at a place, ranked, and the popup that shows it."""
