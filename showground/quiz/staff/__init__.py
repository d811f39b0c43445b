"""What authors and organisers see: bank.py, exchange.py, compose.py, desk.py, figures.py."""
