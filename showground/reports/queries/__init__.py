"""What can be known of the desk, by those who hold a key."""
