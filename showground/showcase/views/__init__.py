"""Front of house: the entrance, the gallery, a work, the call, the result, how to check, and the files of the log."""
