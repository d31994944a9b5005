"""Our own small charts, drawn as SVG: the same in page and PDF."""
