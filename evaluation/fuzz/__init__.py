"""A mutation fuzzer for everything that reads what somebody else wrote: by hand, and a little of it in the tests."""
