"use strict";
// The score sheet: rows with their totals, the keys that move between cells, the bar, and what others changed.
(() => {
  const { mark, Cell, Acts, Paste, Panel, View, Keep, isBlock } = window.scoreSheet;
  const { fill, Lost, Line, Saver } = window.saving;
  const LISTEN = 8000; // ms between two looks at what others changed
  const table = document.getElementById("sheet");
  const bar = document.getElementById("sheet-bar");
  const setup = JSON.parse(document.getElementById("sheet-setup").textContent);
  const asCards = matchMedia("(max-width: 47.99rem)");
  const part = (name) => bar.querySelector(`[data-${name}]`);

  class Row {
    constructor(sheet, tr) {
      this.tr = tr;
      this.id = Number(tr.dataset.enrolment);
      this.isOpen = !tr.classList.contains("is-closed");
      this.name = tr.querySelector(".sheet-name").firstChild.textContent.trim();
      this.isComplete = [...tr.querySelectorAll(".sheet-cell")].every((td) => !td.classList.contains("is-missing"));
      this.sheet = sheet;
      this.cells = [];
      this.total = Number.parseInt(tr.querySelector("[data-total]").textContent, 10);
      if (Number.isNaN(this.total)) this.total = null;
      this.fixed = [...tr.querySelectorAll(".sheet-cell")].map((td) => Number.parseInt(td.textContent, 10));
      if (!this.isOpen) return;
      this.cells = [...tr.querySelectorAll(".sheet-cell")].map((td, i) => new Cell(sheet, this, td, setup.criteria[i]));
    }

    /** Points in the order of the criteria, of a closed row too. */
    get values() {
      return this.isOpen ? this.cells.map((cell) => cell.points ?? null) : this.fixed;
    }

    /** Total and band from what is typed; once nothing is under way, as the server counts them. */
    recount(answer) {
      let made = mark(this.cells.map((cell) => cell.points), setup.criteria, setup.bands);
      if (answer?.status === 200 && !this.cells.some((cell) => cell.isUnsaved)) {
        const band = setup.bands.find((known) => known.code === answer.band);
        made = { total: answer.total, band, missing: answer.missing.length };
      }
      this.isComplete = made.missing === 0;
      this.total = made.total;
      this.tr.querySelector("[data-total]").textContent = made.total ?? "–";
      const tag = this.tr.querySelector("[data-band]");
      tag.textContent = made.band ? made.band.short : fill(setup.sentences.missing, { count: made.missing });
      tag.className = `tag ${made.band ? (made.band.passed ? "tag-good" : "tag-bad") : "tag-warn"}`;
      this.sheet.refresh();
    }

    /** Say something about a cell in a line under the row, with buttons to choose from; null takes it away. */
    note(cell, sentence, choices = []) {
      let note = document.getElementById(cell.id);
      if (sentence === null) {
        cell.input.removeAttribute("aria-describedby");
        note?.remove();
        if (this.notes && !this.notes.querySelector(".sheet-note")) this.notes.hidden = true;
        return;
      }
      this.notes ??= this.addNotes();
      this.notes.hidden = false;
      if (!note) {
        note = document.createElement("div");
        note.id = cell.id;
        note.className = "sheet-note";
        this.notes.firstChild.append(note);
        cell.input.setAttribute("aria-describedby", cell.id);
      }
      if (note.dataset.sentence === sentence) return;
      note.dataset.sentence = sentence;
      const text = document.createElement("span");
      text.textContent = sentence;
      note.replaceChildren(text, ...choices.map(({ text: label, act }) => button(label, act)));
      this.sheet.say(`${this.name}: ${sentence}`);
    }

    addNotes() {
      const notes = document.createElement("tr");
      notes.className = "sheet-notes";
      notes.setAttribute("role", "row");
      const cell = notes.insertCell();
      cell.setAttribute("role", "cell");
      cell.colSpan = this.tr.cells.length;
      this.tr.after(notes);
      return notes;
    }

    /** Closed elsewhere: nothing more is written here. */
    close() {
      this.isOpen = false;
      for (const cell of this.cells) cell.input.readOnly = true;
    }
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-outline-primary";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  class Sheet {
    constructor() {
      this.sentences = setup.sentences;
      this.line = new Line(bar);
      this.saver = new Saver(this.line, setup.save, () => this.refresh());
      this.rows = [...table.querySelectorAll(".sheet-row")].map((tr) => new Row(this, tr));
      this.acts = new Acts(this, setup);
      this.paste = new Paste(this, setup);
      this.panel = new Panel(this, setup);
      this.keep = new Keep(this, setup);
      this.view = new View(this, setup, table);
      this.byInput = new Map(this.cells.map((cell) => [cell.input, cell]));
      // The heading sticks below the bar, however tall the bar is just now.
      new ResizeObserver(() => table.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
      this.refresh();
    }

    /** Rows that can be written in and are not filtered away, in the order in which they stand. */
    shownRows() {
      return this.rows.filter((row) => row.isOpen && !row.tr.hidden);
    }

    get cells() {
      return this.rows.flatMap((row) => row.cells);
    }

    say(sentence) {
      part("say").textContent = sentence;
    }

    news(sentence) {
      part("news").textContent = sentence;
      this.say(sentence);
    }

    refresh() {
      if (!this.rows) return;
      const done = this.rows.filter((row) => row.isComplete).length;
      part("complete").textContent = fill(this.sentences.complete, { done, all: this.rows.length });
      bar.querySelector("progress").value = done;
      const unsaved = this.cells.filter((cell) => cell.isUnsaved).length;
      const stuck = this.cells.filter((cell) => cell.needsPerson).length;
      const saved = part("saved");
      saved.dataset.state = stuck ? "stuck" : unsaved ? "saving" : "saved";
      const name = unsaved === 0 ? "saved" : stuck || this.saver.trouble ? "unsaved" : "saving";
      saved.textContent = fill(this.sentences[name], { count: unsaved });
      part("show").hidden = stuck === 0;
      const trouble = part("trouble");
      trouble.hidden = !this.saver.trouble;
      const sentence = this.sentences[this.saver.trouble] ?? "";
      if (part("trouble-text").textContent !== sentence) part("trouble-text").textContent = sentence;
    }

    /** To the cell `down` rows below and `right` columns beside, past closed rows; at the end to the next column or row. */
    go(cell, down, right) {
      const open = this.shownRows();
      const width = setup.criteria.length;
      const [y, x] = [open.indexOf(cell.row), cell.row.cells.indexOf(cell)];
      const size = open.length * width;
      let at = down ? x * open.length + y + down : y * width + x + right;
      const cellAt = () => (down ? open[at % open.length].cells[Math.floor(at / open.length)] : open[Math.floor(at / width)].cells[at % width]);
      while (at >= 0 && at < size && cellAt().isFixed) at += down || right; // what the commission gives is passed over
      if (at < 0 || at >= size) return;
      const target = cellAt();
      target.input.focus();
    }

    key(event, cell) {
      const { selectionStart: from, selectionEnd: to, value } = cell.input;
      const whole = from === 0 && to === value.length;
      const step = event.shiftKey ? -1 : 1;
      if (event.key === "Enter") asCards.matches ? this.go(cell, 0, step) : this.go(cell, step, 0);
      else if (event.key === "ArrowDown") this.go(cell, 1, 0);
      else if (event.key === "ArrowUp") this.go(cell, -1, 0);
      else if (event.key === "ArrowLeft" && !event.shiftKey && (whole || to === 0)) this.go(cell, 0, -1);
      else if (event.key === "ArrowRight" && !event.shiftKey && (whole || from === value.length)) this.go(cell, 0, 1);
      else if (event.key === "Escape") cell.revert();
      else return;
      event.preventDefault();
    }

    /** Ctrl+D fills down, Ctrl+Z takes the last act back, F2 and Alt+Enter open the cell's panel; true when it was one. */
    command(event, cell) {
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && event.code === "KeyD") this.acts.fillDown(cell);
      else if (ctrl && event.code === "KeyZ" && !cell.isUnsaved) this.acts.undo();
      else if (event.key === "F2" || (event.altKey && event.key === "Enter")) this.panel.open(cell);
      else return false;
      return true;
    }

    /** What other pages saved since; also whether rows came, went or were decided on. */
    async listen() {
      if (this.listening || document.visibilityState !== "visible") return;
      this.listening = true;
      try {
        const { status, cells, authors, open, closed } = await this.line.ask(setup.changes);
        if (status === 200) this.hear(cells, authors, open, closed);
        if (this.saver.unsaved === 0) this.saver.trouble = "";
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        this.saver.trouble = error.message;
      }
      this.listening = false;
      this.refresh();
    }

    hear(cells, authors, open, closed) {
      const known = new Map(this.cells.map((cell) => [`${cell.row.id} ${cell.criterion.id}`, cell]));
      for (const [row, criterion, points, version, author] of cells) {
        known.get(`${row} ${criterion}`)?.heard(points, version, authors[author]);
      }
      const here = [...open, ...closed];
      const moved = this.rows.some((row) => row.isOpen && !open.includes(row.id));
      if (moved || here.length !== this.rows.length) {
        this.rows.filter((row) => !open.includes(row.id)).forEach((row) => row.close());
        part("list-changed").hidden = false;
        part("list-text").textContent = this.sentences.list_changed;
      }
    }

    /** A pasted cell of a spreadsheet ends with a line break; several of them are looked at before anything is written. */
    pasted(event, cell) {
      event.preventDefault();
      const whole = event.clipboardData.getData("text");
      if (isBlock(whole)) return this.paste.offer(cell, whole);
      const text = whole.replace(/[\r\n]+$/, "").replace(/\s/g, " ").slice(0, 20);
      cell.input.setRangeText(text, cell.input.selectionStart, cell.input.selectionEnd, "end");
      cell.typed();
    }

    start() {
      const on = (type, act) =>
        table.addEventListener(type, (event) => {
          const cell = this.byInput.get(event.target);
          if (cell && !cell.input.readOnly) act(event, cell);
        });
      on("input", (event, cell) => cell.typed());
      on("focusout", (event, cell) => cell.left());
      on("keydown", (event, cell) => {
        cell.isFresh = false;
        if (this.command(event, cell)) return event.preventDefault();
        if (!event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey) this.key(event, cell);
      });
      on("paste", (event, cell) => this.pasted(event, cell));
      on("focusin", (event, cell) => {
        cell.isFresh = true;
        cell.input.select();
      });
      on("click", (event, cell) => {
        if (cell.isFresh) cell.input.select();
        cell.isFresh = false;
      });
      part("retry")?.addEventListener("click", () => (this.saver.retry(), this.listen()));
      part("show")?.addEventListener("click", () => this.cells.find((cell) => cell.needsPerson)?.input.focus());
      window.addEventListener("beforeunload", (event) => {
        if (this.cells.some((cell) => cell.isUnsaved)) event.preventDefault();
      });
      table.addEventListener("click", (event) => {
        const td = event.target.closest("[data-open-cell]")?.closest(".sheet-cell");
        const cell = td && this.cells.find((one) => one.td === td);
        if (cell) this.panel.open(cell);
      });
      this.keep.offer();
      document.addEventListener("visibilitychange", () => this.listen());
      setInterval(() => this.listen(), LISTEN);
    }
  }

  window.scoreSheet.sheet = new Sheet();
  if (table.querySelector(".sheet-input")) window.scoreSheet.sheet.start();
})();
