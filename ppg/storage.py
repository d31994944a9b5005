"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    # Scripts import each other by name; without this a browser would keep the old one for a year after an update.
    support_js_module_import_aggregation = True
