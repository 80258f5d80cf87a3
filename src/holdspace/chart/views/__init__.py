"""The chart's pages, by noun: today, a client, the review, the signed note."""
