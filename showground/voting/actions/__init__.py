"""What is done about the vote: opened, papers issued, counted."""
