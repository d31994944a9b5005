"""Films, documents and things: where they are found, and their files. One row serves every guide and session."""
