"""Copy what the pages use of GOV.UK Frontend from node_modules/ into static/vendor/govuk/ (not in git).

Two minified files, no images: the styles refer to the royal crest only, which belongs to GOV.UK
itself, as does the font GDS Transport. Both are taken out, so that nothing of theirs is served. Every replacement
is counted: if a new version of the package is written differently, this stops instead of doing half of it.
"""

import json
import re
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
PACKAGE = BASE / "node_modules" / "govuk-frontend"
TARGET = BASE / "static" / "vendor" / "govuk"
NOTICE = "/*! GOV.UK Frontend {version}, (c) Crown copyright (Government Digital Service), MIT licence */\n"


def take_out(text: str, pattern: str, times: int, instead: str = "") -> str:
    text, found = re.subn(pattern, instead, text)
    if found != times:
        raise SystemExit(f"script/assets.py: {pattern!r} occurs {found} times in govuk-frontend, expected {times}.")
    return text


def styles(css: str) -> str:
    css = take_out(css, r"@font-face\{[^}]*\}", 2)
    css = take_out(css, r"/\*! Copyright \(c\) 2011 by Margaret Calvert[^*]*\*/", 1)  # the font's own notice
    css = take_out(css, r"GDS Transport,", 58)
    css = take_out(css, r"url\(/assets/images/govuk-crest\.svg\)", 3, "none")
    css = take_out(css, r"/\*# sourceMappingURL=[^*]*\*/\s*", 1)  # the map is not served
    if "url(" in css or "GDS" in css:
        raise SystemExit("script/assets.py: the styles of govuk-frontend still name a file or a font of GOV.UK's own.")
    return css


def scripts(js: str) -> str:
    return take_out(js, r"//# sourceMappingURL=\S*\s*$", 1)


def main() -> None:
    notice = NOTICE.format(version=json.loads((PACKAGE / "package.json").read_text())["version"])
    built = PACKAGE / "dist" / "govuk"
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, change in (("govuk-frontend.min.css", styles), ("govuk-frontend.min.js", scripts)):
        (TARGET / name).write_text(change((built / name).read_text()) + notice)


main()
