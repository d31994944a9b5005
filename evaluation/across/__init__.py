"""Reports over many groups: asked for, made by the worker group by group, read, superseded."""
