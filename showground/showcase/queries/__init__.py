"""What the front of house shows: works, results, the plan of the week, the log and its files."""
