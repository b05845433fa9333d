"""What is typed to ask for figures."""
