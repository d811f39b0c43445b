"""What is done with the published log: records go in, tiles and checkpoints come out."""
