"""The benchmarks, by name; `CASES` in `benchmarks/run` lists them."""
