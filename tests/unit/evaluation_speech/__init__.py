"""Tests of how live hearing is scored."""
