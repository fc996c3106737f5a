"""The audio engine: operations on local files. It knows no HTTP, no SQL and no accounts."""
