"use strict";
// What typed text is worth. The same rules as assessment/marking.py, whose answer has the last word.
(() => {
  const WHOLE = /^(0|[1-9][0-9]{0,2})$/; // no sign, no space, no fraction, no leading zero: never guessed, never rounded

  /** Points in `text`: a whole number 0..max, null for an empty cell, undefined for anything else. */
  function readPoints(text, max) {
    if (text === "") return null;
    return WHOLE.test(text) && Number(text) <= max ? Number(text) : undefined;
  }

  /** The mark for points in the order of `criteria`; null or undefined is missing, and then there is no total. */
  function mark(points, criteria, bands) {
    const missing = criteria.filter((criterion, i) => points[i] === null || points[i] === undefined);
    if (missing.length > 0) return { total: null, band: null, missing: missing.length };
    const total = points.reduce((sum, given) => sum + given, 0);
    return { total, band: bands.find((band) => band.from <= total && total <= band.to), missing: 0 };
  }

  window.scoreSheet = { readPoints, mark };
})();
