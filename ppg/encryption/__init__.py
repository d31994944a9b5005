"""What lies encrypted: fields of models, files as a stream, and how they get a newer key."""
