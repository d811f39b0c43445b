"""What is done with an uploaded file: received in pieces, made safe in the jail, erased."""
