"""All tests of forcelab.

Some take their truths from *the specification*: the definitions and worked numbers that were written down before the
code, from papers and from closed forms. It is not part of the repository; its digits are typed into the tests, and
where they follow from a formula, that stands beside them. J1 to J11 are its worked examples, see
analysis/test_vectors.py.
"""
