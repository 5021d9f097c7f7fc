"""The page's own files, as ``make page`` built them."""

from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response

from longwatch.station.refusal import Refusal

PAGE = Path(__file__).parents[1] / "page"
KINDS = {
    ".css": "text/css", ".html": "text/html", ".ico": "image/x-icon", ".js": "text/javascript",
    ".json": "application/json", ".mjs": "text/javascript", ".png": "image/png",
    ".svg": "image/svg+xml", ".txt": "text/plain", ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
NOT_BUILT = ("The station runs, but its page was not built.\n"
             "Run `make page` in the checkout, then load this address again.\n")


class PageFiles:
    """Files of one folder. Only names that stand in the folder's own list are ever opened.

    Args:
        folder: where ``index.html`` lies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Path] = {}
        self._seen = -1.0

    def answer(self, path: str, gzip: bool) -> Response:
        """The file at ``path``, packed where there is such a copy and ``gzip`` is taken.

        Raises:
            Refusal: 404.
        """
        known = self._list()
        if "index.html" not in known and path in ("", "index.html"):
            return PlainTextResponse(NOT_BUILT, 503)
        name = path or "index.html"
        kind = KINDS.get(Path(name).suffix)
        if name not in known or kind is None:
            raise Refusal("there is nothing at this address", 404)
        # What stands under assets/ has a digest of its content in its name.
        headers = {"Vary": "Accept-Encoding", "Cache-Control":
                   "public, max-age=31536000, immutable" if name.startswith("assets/")
                   else "no-cache"}
        file = known[name]
        if gzip and f"{name}.gz" in known:
            file, headers["Content-Encoding"] = known[f"{name}.gz"], "gzip"
        return FileResponse(file, headers=headers, media_type=kind)

    def _list(self) -> dict[str, Path]:
        """The files there are, listed anew when the page was built anew."""
        index = self.folder / "index.html"
        try:
            changed = index.stat().st_mtime
        except OSError:
            return {}
        if changed != self._seen:
            self._known = {file.relative_to(self.folder).as_posix(): file
                           for file in self.folder.rglob("*")
                           if file.is_file() and not file.is_symlink()}
            self._seen = changed
        return self._known
