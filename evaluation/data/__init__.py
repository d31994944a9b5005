"""Anonymous data of a group with its codebook: tables, files, and who took them."""
