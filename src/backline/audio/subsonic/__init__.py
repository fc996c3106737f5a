"""OpenSubsonic at `/rest`: what players and apps of others ask, by this library's operations.

`calls_web` is the table of what can be called; `door_web` lets it be asked, `credentials_web` says
by whom, `rendering` writes each answer as JSON or XML.
"""
