"use strict";
// One cell: what is typed, what is saved, and what is to be said about the difference.
(() => {
  const { readPoints } = window.scoreSheet;
  const { fill } = window.saving;
  const TYPING = 700; // ms without a key before a value is sent; leaving the cell sends it at once
  const BRIEFLY = 6000; // ms that a mark of news stays

  class Cell {
    constructor(sheet, row, td, criterion) {
      Object.assign(this, { sheet, row, td, criterion, input: td.querySelector("input"), theirs: null });
      this.id = `note-${row.id}-${criterion.id}`;
      this.version = Number(td.dataset.version);
      this.comment = td.dataset.comment ?? "";
      this.why = ""; // for the next change, as written in the cell's panel
      this.isFixed = !this.input;
      if (this.isFixed) this.input = document.createElement("input"); // the commission gives these points
      if (this.isFixed) this.input.value = this.input.defaultValue = td.dataset.points ?? "";
      this.input.value = this.input.defaultValue; // what the server sent, not what a browser remembers of the form
      this.saved = this.points;
      this.input.readOnly = this.isFixed;
    }

    /** Points as typed: a whole number, null when empty, undefined when refused. */
    get points() {
      return readPoints(this.input.value, this.criterion.max);
    }

    get state() {
      return this.td.dataset.state ?? "";
    }

    /** Whether something typed here is not stored. */
    get isUnsaved() {
      return this.points !== this.saved || this.state === "conflict";
    }

    get needsPerson() {
      return this.state === "refused" || this.state === "conflict";
    }

    say(name, values = {}) {
      return fill(this.sheet.sentences[name], { criterion: this.criterion.short, maximum: this.criterion.max, ...values });
    }

    written(points) {
      return points ?? this.sheet.sentences.empty;
    }

    show(state) {
      clearTimeout(this.fading);
      this.td.dataset.state = state;
      this.td.classList.toggle("is-missing", this.points === null && state !== "refused");
      this.input.toggleAttribute("aria-invalid", false);
      if (state === "refused" || state === "conflict") this.input.setAttribute("aria-invalid", "true");
      if (state === "saved" || state === "changed") this.fading = setTimeout(() => this.show(""), BRIEFLY);
    }

    /** A key was pressed in the cell. */
    typed() {
      clearTimeout(this.pause);
      if (this.state === "conflict") return this.explain();
      if (this.points === undefined) {
        this.refuse(this.say("refused"));
      } else {
        this.row.note(this, null);
        this.show(this.isUnsaved ? "typing" : "");
        this.pause = setTimeout(() => this.left(), TYPING);
      }
      this.sheet.keep.note(this);
      this.row.recount();
    }

    /** The cell was left, or the fingers rest: save what is there. */
    left() {
      clearTimeout(this.pause);
      if (this.needsPerson || this.points === undefined) return;
      if (this.isUnsaved) this.sheet.saver.push(this);
    }

    /** Back to what is saved. */
    revert() {
      if (this.state === "conflict") return;
      clearTimeout(this.pause);
      this.put(this.saved);
      this.row.note(this, null);
      this.show("");
      this.sheet.keep.note(this);
      this.row.recount();
    }

    put(points) {
      this.input.value = points ?? "";
      if (document.activeElement === this.input) this.input.select();
    }

    refuse(sentence) {
      this.show("refused");
      const stands = this.saved === null ? this.say("nothing") : this.say("stands", { points: this.saved });
      this.row.note(this, `${sentence} ${stands}`);
    }

    /** The body to send, or null when there is nothing to save any more. */
    request() {
      if (!this.isUnsaved || this.needsPerson || this.points === undefined) return null;
      this.show("saving");
      const why = this.why;
      return { enrolment: this.row.id, criterion: this.criterion.id, points: this.points, version: this.version, why };
    }

    /** The server's answer to `sent`; one of many when `isPart`, and then the whole act is remembered, not this cell. */
    answered(answer, sent, isPart = false) {
      const before = this.saved;
      if (answer.status === 200) {
        this.why = "";
        this.stored(answer);
        if (!isPart) this.sheet.acts.remember([{ cell: this, before, after: answer.points }]);
      }
      else if (answer.status === 409 && answer.theirs) this.clash(answer.theirs, sent);
      else if (this.points === sent.points) this.refuse(answer.error ?? this.say("gone"));
      this.sheet.keep.note(this);
      if (!isPart) this.row.recount(answer);
    }

    /** The trainers' comment, and the mark that there is one. */
    remark(comment) {
      this.comment = comment;
      this.td.classList.toggle("has-comment", comment !== "");
    }

    stored(answer) {
      this.version = answer.version;
      this.saved = answer.points;
      if (this.points === undefined) return this.refuse(this.say("refused"));
      if (this.isUnsaved) return this.left(); // typed on while the answer was under way
      this.row.note(this, null);
      this.show("saved");
    }

    /** Somebody else's value stands there: equal to mine it is settled, otherwise the person decides. */
    clash(theirs) {
      this.version = theirs.version;
      this.saved = theirs.points;
      if (this.points === theirs.points) {
        this.row.note(this, null);
        return this.show("saved");
      }
      this.theirs = theirs;
      this.show("conflict");
      this.explain();
    }

    explain() {
      const mine = this.points === undefined ? this.input.value : this.written(this.points);
      const theirs = this.written(this.theirs.points);
      const sentence = this.say("conflict", { mine, theirs, name: this.theirs.by, when: this.theirs.when ?? "" });
      const choices = [{ text: this.say("take", { points: theirs }), act: () => this.settle(this.theirs.points) }];
      if (this.points !== undefined) {
        choices.unshift({ text: this.say("keep", { points: mine }), act: () => this.settle(this.points) });
      }
      this.row.note(this, sentence, choices);
      this.row.recount();
    }

    settle(points) {
      this.theirs = null;
      this.put(points);
      this.row.note(this, null);
      this.show("");
      this.input.focus();
      this.left();
      this.row.recount();
    }

    /** What another page saved; a cell that is being written in keeps what is typed and learns of it when it saves. */
    heard(points, version, name) {
      const busy = document.activeElement === this.input || this.isUnsaved || this.state === "saving";
      if (version <= this.version || busy) return;
      Object.assign(this, { version, saved: points });
      this.put(points);
      this.show("changed");
      this.row.recount();
      this.sheet.news(this.say("changed", { name, listener: this.row.name }));
    }
  }

  window.scoreSheet.Cell = Cell;
})();
