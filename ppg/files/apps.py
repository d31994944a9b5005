from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFilesOfPages(StaticFilesConfig):
    """What `collectstatic` puts where browsers may ask for it. Fonts are for PDFs alone, and twenty megabytes."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "vendor/fonts/*"]
