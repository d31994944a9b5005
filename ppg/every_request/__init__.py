"""What holds for every request and page: middleware, what templates can use, pages for what went wrong."""
