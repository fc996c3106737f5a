"""What every domain stands on; nothing here knows a domain."""
