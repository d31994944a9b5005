"""Files: uploaded ones in the database or a bucket, static ones, and the YAML that ships."""
