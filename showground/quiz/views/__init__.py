"""What visitors see: sittings.py from the start page to the receipt, draws.py the draw and the claim."""
