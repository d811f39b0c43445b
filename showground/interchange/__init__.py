"""Files of other systems, in and out: question banks (questions/) and whatever else a week exchanges with the world. No Django."""
