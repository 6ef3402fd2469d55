"""Targets of the coverage-guided fuzzer: programs that it feeds, run by a study and, for a small share, by a test."""
