"""What somebody answered before and after, shown to them alone: by a link that no member of staff can open."""
