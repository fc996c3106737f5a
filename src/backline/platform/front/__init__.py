"""The way in: from the socket through every layer to the handlers."""
