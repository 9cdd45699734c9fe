"use strict";
// The way to the server: one thing after another, and a lost answer is asked for again before anything newer is sent.
(() => {
  const PATIENCE = 15000; // ms until a silent server counts as lost
  const RETRY = [1000, 2000, 4000, 8000, 15000]; // ms before each new attempt

  class Lost extends Error {}

  /** Talks JSON; throws Lost("lost") without a connection and Lost("signed_out") when the session is over. */
  class Line {
    constructor(bar) {
      this.bar = bar;
    }

    token() {
      // Signing in again in another window changes the cookie, not this page.
      const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      return cookie ? cookie[1] : this.bar.dataset.csrf;
    }

    async ask(url, body) {
      const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) };
      if (body !== undefined) {
        options.method = "POST";
        options.body = JSON.stringify(body);
        Object.assign(options.headers, { "Content-Type": "application/json", "X-CSRFToken": this.token() });
      }
      let response, answer;
      try {
        response = await fetch(url, options);
        answer = await response.text();
      } catch {
        throw new Lost("lost");
      }
      if (response.redirected || response.status === 403) throw new Lost("signed_out");
      if (response.status === 429 || response.status >= 500) throw new Lost("lost");
      try {
        return { status: response.status, ...JSON.parse(answer) };
      } catch {
        return { status: response.status };
      }
    }
  }

  /** Saves cells in turn. A cell offers `request()` (a body, or null when there is nothing to save) and `answered(…)`. */
  class Saver {
    constructor(line, url, changed) {
      Object.assign(this, { line, url, changed, waiting: new Set(), current: null, trouble: "", tries: 0, busy: false });
      window.addEventListener("online", () => this.retry());
    }

    get unsaved() {
      return this.waiting.size + (this.current ? 1 : 0);
    }

    push(cell) {
      this.waiting.add(cell);
      this.pump();
    }

    retry() {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.pump();
    }

    next() {
      for (const cell of this.waiting) {
        this.waiting.delete(cell);
        const body = cell.request();
        if (body) return { cell, body };
      }
      return null;
    }

    async pump() {
      if (this.busy || this.timer) return;
      this.busy = true;
      while ((this.current ??= this.next())) {
        this.changed();
        try {
          const answer = await this.line.ask(this.url, this.current.body);
          const { cell, body } = this.current;
          this.current = null;
          this.trouble = "";
          this.tries = 0;
          cell.answered(answer, body);
        } catch (error) {
          if (!(error instanceof Lost)) throw error;
          this.trouble = error.message;
          this.timer = setTimeout(() => this.retry(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
          break;
        }
      }
      this.busy = false;
      this.changed();
    }
  }

  /** `text` with its %(name)s places filled. */
  function fill(text, values) {
    return text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
  }

  window.saving = { Lost, Line, Saver, fill };
})();
