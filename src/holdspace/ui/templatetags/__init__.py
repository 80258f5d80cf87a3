"""What templates may say beside Django's own filters."""
