"""The works that hang in a demo week: their sources (posters, clips, H5 packages), their labels and how files are made."""
