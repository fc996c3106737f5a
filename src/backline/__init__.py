"""Backline: one self-hosted program for music, live shows, concerts and tasks."""

__version__ = "0.1.0"
