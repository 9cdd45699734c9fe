"use strict";
// A block from a spreadsheet: what it would change is shown first, and nothing is written before that is confirmed.
(() => {
  const { readPoints } = window.scoreSheet;
  const { fill } = window.saving;

  /** Rows of cells of a copied block; a quoted cell may hold line breaks. */
  function parse(text) {
    const rows = [[""]];
    let quoted = false;
    const body = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    for (let i = 0; i < body.length; i += 1) {
      const row = rows.at(-1);
      const sign = body[i];
      if (quoted && sign === '"' && body[i + 1] === '"') row[row.length - 1] += body[(i += 1)];
      else if (sign === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) row.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else row[row.length - 1] += sign;
    }
    return rows.map((row) => row.map((cell) => cell.trim()));
  }

  const isBlock = (text) => /[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""));

  class Paste {
    constructor(sheet, setup) {
      Object.assign(this, { sheet, setup, dialog: document.getElementById("sheet-paste") });
      this.dialog?.addEventListener("close", () => this.dialog.returnValue === "apply" && this.apply());
    }

    fold(text) {
      const letters = [...text.normalize("NFC").toLowerCase()].map((letter) => this.setup.fold[letter] ?? letter);
      return letters.join("").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    }

    /** The rows that the block's first column names, or null when it holds no names. */
    named(block) {
      const words = block.filter((row) => row[0] !== "" && readPoints(row[0], 100) === undefined);
      if (words.length < block.length / 2 || block[0].length < 2) return null;
      const known = this.sheet.rows.map((row) => [this.fold(row.name), row]);
      return block.map((row) => {
        const name = this.fold(row[0]);
        const found = name === "" ? [] : known.filter(([key]) => key === name || key.startsWith(`${name} `) || name.startsWith(`${key} `));
        return found.length === 1 ? found[0][1] : null;
      });
    }

    /** What would change: [{cell, text, points, why}], and how many rows of the block have no place. */
    plan(cell, block) {
      const names = this.named(block);
      const shown = this.sheet.shownRows();
      const first = shown.indexOf(cell.row);
      const column = cell.row.cells.indexOf(cell);
      const items = [];
      let lost = 0;
      block.forEach((texts, down) => {
        const row = names ? names[down] : shown[first + down];
        const values = names ? texts.slice(1) : texts;
        if (!row || !row.isOpen) {
          lost += values.some((text) => text !== "") ? 1 : 0;
          return;
        }
        values.forEach((text, right) => {
          const target = row.cells[column + right];
          if (text !== "") items.push(this.item(target, text, row));
        });
      });
      return { items, lost, names: names !== null };
    }

    item(cell, text, row) {
      const { sentences } = this.setup;
      if (!cell || cell.isFixed) return { row, text, why: sentences.paste_no_column };
      const points = readPoints(text, cell.criterion.max);
      if (points === undefined) return { row, cell, text, why: cell.say("refused") };
      return { row, cell, text, points, same: points === cell.saved };
    }

    offer(cell, text) {
      this.planned = this.plan(cell, parse(text));
      const { items, lost, names } = this.planned;
      const changes = items.filter((one) => one.points !== undefined && !one.same);
      const refused = items.filter((one) => one.why);
      const { sentences } = this.setup;
      const said = [fill(sentences.paste_count, { count: changes.length, same: items.length - changes.length - refused.length })];
      if (names) said.push(sentences.paste_names);
      if (lost) said.push(fill(sentences.paste_lost, { count: lost }));
      if (refused.length) said.push(fill(sentences.paste_refused, { count: refused.length }));
      this.dialog.querySelector("[data-paste-said]").textContent = said.join(" ");
      this.dialog.querySelector("[data-paste-rows]").replaceChildren(...items.filter((one) => !one.same).map((one) => this.line(one)));
      this.dialog.querySelector("[data-paste-apply]").disabled = changes.length === 0;
      this.dialog.returnValue = "";
      this.dialog.showModal();
    }

    line({ row, cell, text, points, why }) {
      const tr = document.createElement("tr");
      const place = cell ? `${cell.criterion.short}` : "";
      for (const value of [row.name, place, cell ? cell.written(cell.saved) : "", why ? text : points]) {
        tr.insertCell().textContent = value;
      }
      const last = tr.insertCell();
      last.textContent = why ?? "";
      tr.className = why ? "is-refused" : "";
      return tr;
    }

    apply() {
      const changes = this.planned.items.filter((one) => one.points !== undefined && !one.same);
      const wanted = changes.map(({ cell, points }) => ({ cell, points }));
      return this.sheet.acts.write(wanted, this.setup.sentences.why_paste);
    }
  }

  Object.assign(window.scoreSheet, { Paste, parse, isBlock });
})();
