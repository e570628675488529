"""The sequence mixers of the variants, one to a file. Each maps hidden states [batch, seq, width] to the same shape."""
