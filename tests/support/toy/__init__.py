"""Toys: a domain for tests, which copy this folder to where domains lie. Imports are relative."""
