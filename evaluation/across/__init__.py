"""Reports over many groups: figures of any number of them, beside all that was told of several before."""
