"""The notary's program: cosigns checkpoints, opens the jury's sheets after the gate, signs statements."""
