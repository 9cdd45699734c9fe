"use strict";
// Which rows are shown and in what order; and what was typed but not saved when the page was left by mistake.
(() => {
  const { fill } = window.saving;

  class View {
    constructor(sheet, setup, table) {
      Object.assign(this, { sheet, setup, body: table.tBodies[0] });
      this.tools = document.getElementById("sheet-tools");
      if (!this.tools) return;
      const part = (name) => this.tools.querySelector(`[data-${name}]`);
      Object.assign(this, { name: part("filter"), which: part("which"), order: part("order"), shown: part("shown") });
      this.name.addEventListener("input", () => this.filter());
      this.which.addEventListener("change", () => this.filter());
      this.order.addEventListener("change", () => this.sort());
      this.natural = [...sheet.rows];
    }

    filter() {
      const wanted = this.sheet.paste.fold(this.name.value);
      const tests = {
        all: () => true,
        incomplete: (row) => !row.isComplete,
        unsaved: (row) => row.cells.some((cell) => cell.isUnsaved),
      };
      const test = tests[this.which.value] ?? tests.all;
      for (const row of this.sheet.rows) {
        row.tr.hidden = !(this.sheet.paste.fold(row.name).includes(wanted) && test(row));
        if (row.notes) row.notes.classList.toggle("is-filtered", row.tr.hidden);
      }
      this.shown.textContent = fill(this.setup.sentences.shown, {
        count: this.sheet.rows.filter((row) => !row.tr.hidden).length, all: this.sheet.rows.length,
      });
    }

    /** By name (the server's order, of the Kazakh alphabet), by total, or by one criterion: the lowest first. */
    sort() {
      const by = this.order.value;
      const value = (row) => (by === "total" ? row.total : row.values[Number(by)]) ?? -1;
      const rows = by === "name" ? this.natural : [...this.natural].sort((a, b) => value(a) - value(b));
      this.sheet.rows = rows;
      this.body.append(...rows.flatMap((row) => (row.notes ? [row.tr, row.notes] : [row.tr])));
    }
  }

  /** Typed values that are not saved yet, kept in this browser window until they are. */
  class Keep {
    constructor(sheet, setup) {
      Object.assign(this, { sheet, setup, key: `scores ${setup.user} ${setup.save}` });
      this.values = this.read();
    }

    read() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key)) ?? {};
      } catch {
        return {};
      }
    }

    /** Keep or forget what stands in a cell. */
    note(cell) {
      const place = `${cell.row.id} ${cell.criterion.id}`;
      if (cell.isUnsaved) this.values[place] = { text: cell.input.value, version: cell.version };
      else if (place in this.values) delete this.values[place];
      else return;
      try {
        if (Object.keys(this.values).length) sessionStorage.setItem(this.key, JSON.stringify(this.values));
        else sessionStorage.removeItem(this.key);
      } catch {
        // a browser that keeps nothing: the page still asks before it is left
      }
    }

    /** After a reload: offer what was left unsaved; a cell that has changed meanwhile becomes a question. */
    offer() {
      const found = this.sheet.cells.filter((cell) => `${cell.row.id} ${cell.criterion.id}` in this.values && !cell.isFixed);
      const left = found.map((cell) => ({ cell, ...this.values[`${cell.row.id} ${cell.criterion.id}`] }));
      const real = left.filter(({ cell, text }) => text !== cell.input.value);
      this.values = {};
      sessionStorage.removeItem(this.key);
      if (real.length === 0) return;
      window.scoreSheet.ask(fill(this.setup.sentences.restore_ask, { count: real.length }), () => {
        for (const { cell, text, version } of real) {
          cell.input.value = text;
          const theirs = { points: cell.saved, version: cell.version, by: "", when: "" };
          if (version === cell.version) cell.typed();
          else cell.clash(theirs);
        }
      });
    }
  }

  Object.assign(window.scoreSheet, { View, Keep });
})();
