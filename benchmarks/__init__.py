"""The hot paths, each against its baseline, on one machine in one run: `python -m benchmarks [NAME]`."""
