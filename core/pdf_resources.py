"""What a paper may fetch while it is made: bundled files and what it carries itself, no more."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse


class ForeignResourceError(ValueError):
    """A document asked for something other than a bundled file."""


class BundledResources(URLFetcher):
    """Serves files below the given folders and `data:` addresses; everything else stops the rendering."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The resource; raises ForeignResourceError for one that is not bundled."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme != "file" or parts.netloc:
            raise ForeignResourceError(f"not a bundled resource: {parts.scheme}")
        path = Path(url2pathname(parts.path)).resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders) or not path.is_file():
            raise ForeignResourceError("not a bundled file")
        return super().fetch(path.as_uri(), headers)
