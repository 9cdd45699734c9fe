"use strict";
// One cell looked at closely: its history, the trainers' comment, a reason for a change, what each level means.
(() => {
  const { Lost } = window.saving;

  class Panel {
    constructor(sheet, setup) {
      Object.assign(this, { sheet, setup, dialog: document.getElementById("sheet-cell") });
      if (!this.dialog) return;
      this.comment = this.dialog.querySelector("[data-comment]");
      this.why = this.dialog.querySelector("[data-why]");
      this.dialog.addEventListener("close", () => this.closed());
    }

    async open(cell) {
      this.cell = cell;
      this.dialog.querySelector("[data-cell-title]").textContent = `${cell.row.name} · ${cell.criterion.title}`;
      this.comment.value = cell.comment;
      this.why.value = "";
      const levels = document.querySelector(`template[data-levels="${cell.criterion.id}"]`);
      this.dialog.querySelector("[data-cell-levels]").replaceChildren(levels ? levels.content.cloneNode(true) : "");
      const history = this.dialog.querySelector("[data-cell-history]");
      history.replaceChildren();
      this.dialog.returnValue = "";
      this.dialog.showModal();
      const url = this.setup.history.replace("/0/0/", `/${cell.row.id}/${cell.criterion.id}/`);
      try {
        const { steps } = await this.sheet.line.ask(url);
        history.replaceChildren(...(steps ?? []).map((step) => this.step(step)));
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        history.textContent = this.setup.sentences.lost;
      }
    }

    step({ who, when, from, to, comment, why }) {
      const item = document.createElement("li");
      const points = from === to ? "" : ` ${this.cell.written(from)} → ${this.cell.written(to)}`;
      item.textContent = [`${when}, ${who}:${points}`, why, comment && `“${comment}”`].filter(Boolean).join(" · ");
      return item;
    }

    closed() {
      const { cell } = this;
      if (this.dialog.returnValue === "store") {
        cell.why = this.why.value.trim();
        if (this.comment.value.trim() !== cell.comment) this.store(cell, this.comment.value.trim());
      }
      cell.input.focus();
    }

    async store(cell, comment) {
      const body = { enrolment: cell.row.id, criterion: cell.criterion.id, comment, version: cell.version };
      try {
        const answer = await this.sheet.line.ask(this.setup.save, body);
        if (answer.status === 200) {
          cell.version = answer.version;
          cell.remark(answer.comment);
          this.sheet.say(this.setup.sentences.comment_stored);
        } else {
          this.sheet.news(answer.error ?? this.setup.sentences.gone);
          if (answer.theirs) cell.heard(answer.theirs.points, answer.theirs.version, answer.theirs.by);
        }
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        this.sheet.news(this.setup.sentences.comment_lost);
      }
    }
  }

  window.scoreSheet.Panel = Panel;
})();
