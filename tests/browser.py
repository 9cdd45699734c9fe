"""A real Chromium for tests: `browser_context_for(user, language, width)` is a browser window of that person.

`page = browser_context_for(trainer, "ru", 390).new_page(); page.goto("/trainer/")`: addresses are those of the live
server. Two calls are two browsers. A test ends with an error if a page broke the content security policy or its
script failed.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client, testcases
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Playwright

from accounts.models import User

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
PHONE = 600  # narrower than this is a phone held upright
BROKEN_POLICY = "Content Security Policy"
# The live server finds static files where they lie. It looks for Django's app by its plain name and misses ours.
testcases._StaticFilesHandler = StaticFilesHandler  # type: ignore[misc]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser process for the whole run."""
    # The sync API keeps an event loop in this thread, which Django would take for a coroutine calling the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def browser_context_for(chromium: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:  # type: ignore[no-untyped-def]
    """See the head of this file. `user` None is a stranger; `height` and other options go to the browser context."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if BROKEN_POLICY in message.text:
            complaints.append(message.text)

    def do(user: User | None = None, language: str = "kk", width: int = 1280, **options: object) -> BrowserContext:
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        height = options.pop("height", 844 if width < PHONE else 800)
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=width < PHONE,
            accept_downloads=True,
            **options,
        )
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        context.set_default_timeout(15_000)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield do
    for context in contexts:
        context.close()
    assert complaints == []
