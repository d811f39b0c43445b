"""The booth: prove an address, get a paper, mark it, cast it, keep the receipt."""
