"use strict";
// What is done to many cells at once: saved as one act, taken back as one act. Versions decide, as for a single cell.
(() => {
  const { fill, Lost } = window.saving;
  const MOST = 1000; // cells in one request

  class Acts {
    constructor(sheet, setup) {
      Object.assign(this, { sheet, setup, done: [], undoing: false });
      this.button = document.querySelector("[data-undo]");
      this.button?.addEventListener("click", () => this.undo());
      this.show();
    }

    /** Remember changes that were stored: [{cell, before, after}]. */
    remember(changes) {
      const real = changes.filter(({ before, after }) => before !== after);
      if (this.undoing || real.length === 0) return;
      this.done.push(real);
      if (this.done.length > 50) this.done.shift();
      this.show();
    }

    show() {
      if (!this.button) return;
      this.button.disabled = this.done.length === 0;
      this.button.textContent = fill(this.setup.sentences.undo, { count: this.done.at(-1)?.length ?? 0 });
    }

    /** Take the last act back. A cell that somebody has changed since keeps what stands there. */
    async undo() {
      const act = this.done.pop();
      if (!act) return;
      const back = act.filter(({ cell, after }) => cell.saved === after && !cell.isUnsaved);
      this.undoing = true;
      await this.write(back.map(({ cell, before }) => ({ cell, points: before })), this.setup.sentences.why_undo);
      this.undoing = false;
      const kept = act.length - back.length;
      this.sheet.news(fill(this.setup.sentences[kept ? "undone_partly" : "undone"], { count: back.length, kept }));
      this.show();
      back[0]?.cell.input.focus();
    }

    /** Write [{cell, points}] as one act. Without a connection the cells keep the values and are saved one by one later. */
    async write(wanted, why) {
      const changes = [];
      for (let at = 0; at < wanted.length; at += MOST) changes.push(...(await this.send(wanted.slice(at, at + MOST), why)));
      this.remember(changes);
      this.sheet.refresh();
      return changes;
    }

    async send(wanted, why) {
      const entries = wanted.map(({ cell, points }) => ({
        enrolment: cell.row.id, criterion: cell.criterion.id, points, version: cell.version,
      }));
      const before = wanted.map(({ cell }) => cell.saved);
      wanted.forEach(({ cell, points }) => {
        cell.put(points);
        cell.show("saving");
      });
      this.sheet.refresh();
      let answer;
      try {
        answer = await this.sheet.line.ask(this.setup.saveMany, { entries, why });
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        wanted.forEach(({ cell }) => this.sheet.saver.push(cell));
        return [];
      }
      const results = answer.results ?? wanted.map(() => ({ status: answer.status, error: answer.error }));
      const rows = new Set();
      const changes = wanted.map(({ cell, points }, i) => {
        cell.answered(results[i], { points }, true);
        rows.add(cell.row);
        return { cell, before: before[i], after: results[i].status === 200 ? points : before[i] };
      });
      rows.forEach((row) => row.recount());
      return changes;
    }

    /** The value of `cell` into the empty cells of its column below it, as far as they are shown. */
    fillDown(cell) {
      const at = cell.row.cells.indexOf(cell);
      const rows = this.sheet.shownRows();
      const below = rows.slice(rows.indexOf(cell.row) + 1).map((row) => row.cells[at]);
      const empty = below.filter((one) => !one.isFixed && one.points === null && !one.needsPerson);
      if (typeof cell.points !== "number" || empty.length === 0) return;
      const sentence = fill(this.setup.sentences.fill_ask, { points: cell.points, count: empty.length });
      window.scoreSheet.ask(sentence, () => {
        this.write(empty.map((one) => ({ cell: one, points: cell.points })), this.setup.sentences.why_fill);
      });
    }
  }

  /** A question with “yes” and “no”, in the page's own dialog. */
  function ask(sentence, yes) {
    const dialog = document.getElementById("sheet-ask");
    dialog.querySelector("[data-question]").textContent = sentence;
    dialog.returnValue = "no";
    dialog.onclose = () => dialog.returnValue === "yes" && yes();
    dialog.showModal();
  }

  Object.assign(window.scoreSheet, { Acts, ask });
})();
