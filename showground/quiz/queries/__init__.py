"""What can be known about quizzes, sittings and draws."""
