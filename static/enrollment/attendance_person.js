"use strict";
// One person of a session: what is tapped, what is saved, and what is to be said about the difference.
(() => {
  const { fill } = window.saving;
  const TYPING = 900; // ms without a key before typed minutes or a typed reason are sent; leaving the field sends at once
  const SETTLING = 350; // ms after a tap, so that arrows passing over a mark do not record it
  const BRIEFLY = 6000; // ms that a mark of news stays
  const NOTHING = { mark: "", minutes: null, reason: "" };

  /** Two values are the same when they are stored alike. */
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const read = ({ mark, minutes, reason }) => ({ mark, minutes, reason });

  class Person {
    constructor(sheet, item) {
      Object.assign(this, { sheet, item, id: Number(item.dataset.enrolment) });
      this.radios = [...item.querySelectorAll("input[type=radio]")];
      this.part = item.querySelector(".person-part");
      this.minutes = item.querySelector("[name^=minutes]");
      this.reason = item.querySelector("[name^=reason]");
      this.seen = item.querySelector("[name^=version]");
      this.name = item.querySelector("legend").lastChild.textContent.trim();
      // What the server sent, not what a browser remembers of the form.
      for (const radio of this.radios) radio.checked = radio.defaultChecked;
      for (const field of [this.minutes, this.reason, this.seen]) field.value = field.defaultValue;
      const { mark, minutes, reason } = item.dataset;
      this.saved = mark ? { mark, minutes: minutes ? Number(minutes) : null, reason } : NOTHING;
    }

    /** A page that shows again what was refused: a person decides, nothing is sent by itself. */
    begin() {
      if (!this.isUnsaved) return;
      if (this.version === 0) return this.show("refused");
      this.theirs = this.item.dataset;
      this.show("conflict");
      this.explain();
    }

    get version() {
      return Number(this.seen.value);
    }

    set version(version) {
      this.seen.value = version;
    }

    get mark() {
      return this.radios.find((radio) => radio.checked)?.value ?? "";
    }

    /** What the fields say; minutes are null for the whole session, undefined for what is no number of minutes. */
    get value() {
      const mark = this.mark;
      const typed = this.minutes.value.trim();
      const most = this.sheet.length;
      let minutes = null;
      if (mark === "present" && typed !== "") {
        minutes = /^[0-9]{1,3}$/.test(typed) && typed >= 1 && typed <= most ? Number(typed) : undefined;
        if (minutes === most) minutes = null;
      }
      return { mark, minutes, reason: mark === "excused" ? this.reason.value.trim().replace(/\s+/g, " ") : "" };
    }

    get isUnsaved() {
      return this.mark !== "" && (this.state === "conflict" || !same(this.value, this.saved));
    }

    get state() {
      return this.item.dataset.state ?? "";
    }

    get needsPerson() {
      return ["conflict", "refused", "waiting"].includes(this.state);
    }

    /** Whether there is something that can be sent now. */
    get isReady() {
      return this.isUnsaved && !this.needsPerson && this.lacking === "";
    }

    /** What is missing before it can be sent, as a sentence. */
    get lacking() {
      const { mark, minutes, reason } = this.value;
      if (minutes === undefined) return fill(this.sheet.sentences.minutes, { most: this.sheet.length });
      return mark === "excused" && reason === "" ? this.sheet.sentences.reason : "";
    }

    say(name, values = {}) {
      return fill(this.sheet.sentences[name], values);
    }

    show(state) {
      clearTimeout(this.fading);
      this.item.dataset.state = state;
      if (state === "changed") this.fading = setTimeout(() => this.show(""), BRIEFLY);
    }

    /** A mark was tapped. */
    tapped() {
      if (this.state === "conflict") return this.explain();
      this.look(SETTLING);
      if (this.mark === "excused" && this.reason.value === "" && this.sheet.isPointed) this.reason.focus();
    }

    /** A key was pressed in a field. */
    typed() {
      if (this.state === "conflict") return this.explain();
      this.look(TYPING);
    }

    /** A field was left: send what is there. */
    left() {
      if (this.state !== "conflict") this.look(0);
    }

    look(pause) {
      clearTimeout(this.pause);
      const lacking = this.mark ? this.lacking : "";
      // While somebody is still typing, what is missing is a hint, not a fault.
      this.note(lacking && pause === 0 ? lacking : null);
      this.show(lacking ? "waiting" : "");
      if (!lacking && this.isUnsaved) this.pause = setTimeout(() => this.sheet.send(), pause);
      this.sheet.refresh();
    }

    entry() {
      this.show("saving");
      return { enrolment: this.id, version: this.version, ...this.value };
    }

    /** The server's answer about this person to what was sent. */
    answered(row, sent) {
      if (row.theirs) this.clash(row.theirs);
      else if (row.error) this.refuse(row.error, sent);
      else this.stored(row);
    }

    refuse(sentence, sent) {
      if (sent && !same(this.value, read(sent))) return this.look(0); // tapped on in the meantime
      this.show("refused");
      this.note(sentence);
    }

    stored(row) {
      this.version = row.version;
      this.saved = read(row);
      this.source(row);
      if (this.isUnsaved) return this.look(0); // tapped on while the answer was under way
      this.note(null);
      this.show("saved");
    }

    source(row) {
      this.item.querySelector("[data-source]").textContent = row.by_code ? this.say("code", { when: row.when }) : "";
    }

    put({ mark, minutes, reason }) {
      for (const radio of this.radios) radio.checked = radio.value === mark;
      this.minutes.value = minutes ?? "";
      this.reason.value = reason;
      if (minutes !== null) this.part.open = true;
    }

    /** Somebody else recorded in between: the same is settled, otherwise the person decides. */
    clash(theirs) {
      this.version = theirs.version;
      this.saved = read(theirs);
      if (same(this.value, this.saved)) return this.stored(theirs);
      this.theirs = theirs;
      this.show("conflict");
      this.explain();
    }

    words({ mark, minutes, reason }) {
      const more = [minutes === null || minutes === undefined ? "" : this.say("part", { minutes }), reason];
      return [this.sheet.marks[mark], ...more.filter((text) => text !== "")].join(", ");
    }

    explain() {
      const { by: name, when } = this.theirs;
      const values = { mine: this.words(this.value), theirs: this.words(this.saved), name, when };
      const keep = () => this.settle(this.value);
      this.note(this.say("conflict", values), [
        [this.say("keep"), keep],
        [this.say("take"), () => this.settle(this.saved)],
      ]);
      this.sheet.refresh();
    }

    settle(value) {
      this.theirs = null;
      this.put(value);
      this.radios.find((radio) => radio.checked)?.focus();
      this.look(0);
    }

    /** What another page or the code recorded; somebody who is being marked here learns of it when it is saved. */
    heard(row) {
      const busy = this.isUnsaved || this.needsPerson || this.state === "saving" || this.item.contains(document.activeElement);
      if (row.version <= this.version || (busy && this.mark !== "")) return;
      this.version = row.version;
      this.saved = read(row);
      this.put(this.saved);
      this.source(row);
      this.show("changed");
      this.sheet.news(this.say("changed", { name: row.by, listener: this.name }));
    }

    /** Say something about the person, with buttons to choose from; null takes it away. */
    note(sentence, choices = []) {
      const note = this.item.querySelector("[data-note]");
      note.hidden = sentence === null;
      if (sentence === null || note.dataset.sentence === sentence) {
        if (sentence === null) delete note.dataset.sentence;
        return;
      }
      note.dataset.sentence = sentence;
      const text = document.createElement("span");
      text.textContent = sentence;
      note.replaceChildren(text, ...choices.map(([label, act]) => button(label, act)));
      this.sheet.say(`${this.name}: ${sentence}`);
    }
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-primary";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  window.attendance = { Person };
})();
