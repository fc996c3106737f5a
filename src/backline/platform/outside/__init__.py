"""Talking to other services: Redis, and when to give up for a while."""
