"""The history as files: asked for, gathered, written as CSV and JSON, set as a PDF."""
