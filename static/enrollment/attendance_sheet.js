"use strict";
// Attendance of a session: taps are saved together as they come; what is not saved yet outlives a reload of the page.
(() => {
  const { fill, Lost, Line, Saver } = window.saving;
  const LISTEN = 8000; // ms between two looks at what others recorded
  const form = document.getElementById("attendance");
  const bar = document.getElementById("attendance-bar");
  const setup = JSON.parse(document.getElementById("attendance-setup").textContent);
  const kept = `attendance ${setup.session}`;
  const part = (name) => bar.querySelector(`[data-${name}]`);

  class Sheet {
    constructor() {
      Object.assign(this, { sentences: setup.sentences, marks: setup.marks, length: setup.length });
      this.line = new Line(bar);
      this.saver = new Saver(this.line, setup.save, () => this.refresh());
      this.people = [...form.querySelectorAll(".person")].map((item) => new window.attendance.Person(this, item));
      this.byId = new Map(this.people.map((person) => [person.id, person]));
    }

    /** What the saver asks for: everybody who is ready, in one body. */
    request() {
      const ready = this.people.filter((person) => person.isReady && person.state !== "saving");
      return ready.length ? { entries: ready.map((person) => person.entry()) } : null;
    }

    answered(answer, sent) {
      const rows = new Map((answer.rows ?? []).map((row) => [row.enrolment, row]));
      for (const entry of sent.entries) {
        const row = rows.get(entry.enrolment) ?? { error: answer.error ?? this.sentences.gone };
        this.byId.get(entry.enrolment).answered(row, entry);
      }
    }

    send() {
      this.saver.push(this);
    }

    say(sentence) {
      part("say").textContent = sentence;
    }

    news(sentence) {
      part("news").textContent = sentence;
      this.say(sentence);
      this.refresh();
    }

    refresh() {
      if (!this.people) return;
      const done = this.people.filter((person) => person.mark !== "").length;
      part("recorded").textContent = fill(this.sentences.recorded, { done, all: this.people.length });
      bar.querySelector("progress").value = done;
      const unsaved = this.people.filter((person) => person.isUnsaved);
      const stuck = unsaved.some((person) => person.needsPerson);
      const saved = part("saved");
      saved.dataset.state = stuck ? "stuck" : unsaved.length ? "saving" : "saved";
      const name = unsaved.length === 0 ? "saved" : stuck || this.saver.trouble ? "unsaved" : "saving";
      saved.textContent = fill(this.sentences[name], { count: unsaved.length });
      const sentence = this.sentences[this.saver.trouble] ?? "";
      part("trouble").hidden = !this.saver.trouble;
      if (part("trouble-text").textContent !== sentence) part("trouble-text").textContent = sentence;
      this.keep(unsaved);
    }

    /** A phone may throw away a page that is not in sight: what is not saved is remembered until this tab is closed. */
    keep(unsaved) {
      const rows = unsaved.map(({ id, version, value }) => ({ id, version, ...value, minutes: value.minutes ?? null }));
      if (rows.length) sessionStorage.setItem(kept, JSON.stringify(rows));
      else sessionStorage.removeItem(kept);
    }

    restore() {
      for (const row of JSON.parse(sessionStorage.getItem(kept) ?? "[]")) {
        const person = this.byId.get(row.id);
        if (!person) continue;
        person.put(row);
        if (person.isUnsaved) person.version = row.version;
        person.look(0);
      }
    }

    /** What others recorded, and who checked in by the code. */
    async listen() {
      if (this.listening || document.visibilityState !== "visible") return;
      this.listening = true;
      try {
        const { status, rows, people, state } = await this.line.ask(setup.changes);
        if (status === 200) this.hear(rows, people, state);
        if (this.saver.unsaved === 0) this.saver.trouble = "";
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        this.saver.trouble = error.message;
      }
      this.listening = false;
      this.refresh();
    }

    hear(rows, people, state) {
      for (const row of rows) this.byId.get(row.enrolment)?.heard(row);
      const moved = people.length !== this.people.length || people.some((id) => !this.byId.has(id));
      part("list-changed").hidden = !moved && state === "planned";
      part("list-text").textContent = this.sentences.list_changed;
    }

    allPresent() {
      for (const person of this.people.filter(({ mark }) => mark === "")) {
        person.put({ mark: "present", minutes: null, reason: "" });
        person.look(0);
      }
    }

    start() {
      const on = (type, act) =>
        form.addEventListener(type, (event) => {
          const person = this.byId.get(Number(event.target.closest(".person")?.dataset.enrolment));
          if (person) act(person, event);
        });
      on("change", (person, event) => (event.target.type === "radio" ? person.tapped() : person.left()));
      on("input", (person, event) => event.target.type !== "radio" && person.typed());
      on("keydown", (person, event) => {
        if (event.key !== "Enter" || event.isComposing || event.target.type === "radio") return;
        if (event.target.matches("input")) {
          event.preventDefault(); // the form is not sent by it: everything is saved already
          person.left();
        }
      });
      part("all").addEventListener("click", (event) => {
        event.preventDefault();
        this.allPresent();
      });
      part("retry").addEventListener("click", () => (this.saver.retry(), this.listen()));
      form.addEventListener("submit", (event) => {
        if (this.saver.trouble) event.preventDefault(); // nothing would arrive, and the browser would show its own page
        else this.leaving = true;
      });
      window.addEventListener("beforeunload", (event) => {
        if (!this.leaving && this.people.some((person) => person.isUnsaved)) event.preventDefault();
      });
      document.addEventListener("visibilitychange", () => this.listen());
      setInterval(() => this.listen(), LISTEN);
      form.addEventListener("pointerdown", () => (this.isPointed = true));
      form.addEventListener("keydown", () => (this.isPointed = false));
      this.people.forEach((person) => person.begin());
      this.restore();
      this.refresh();
    }
  }

  window.attendance.sheet = new Sheet();
  window.attendance.sheet.start();
})();
