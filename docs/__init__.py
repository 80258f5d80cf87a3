"""The generator of the reference pages; everything else here is read, not run."""
