"""Who follows whom, and the feed of what those whom somebody follows did in public."""
