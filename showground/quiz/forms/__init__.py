"""What people type: visitor.py for those who answer, author.py and sheet.py for questions, organiser.py and rules.py for quizzes."""
