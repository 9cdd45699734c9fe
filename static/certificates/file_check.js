// Holds a chosen PDF against the issued file. Only its SHA-256 is ever sent, and on a document's own page not even that
// when it is the right one. All words stand in the page, as templates.
const LARGEST = 20 * 1024 * 1024;
const MARK = [0x25, 0x50, 0x44, 0x46]; // %PDF
const block = document.getElementById("file-check");
const input = document.getElementById("file-check-file");
const answer = document.getElementById("file-check-answer");
let turn = 0; // of the file chosen last: a slower answer about an earlier one is not shown

function say(name, page = "") {
  const words = block.querySelector(`template[data-answer="${name}"]`).content.cloneNode(true);
  const link = words.querySelector("a");
  if (link) link.href = page;
  answer.dataset.answer = name;
  answer.replaceChildren(words);
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(sha256) {
  const response = await fetch(`/api/v1/files/${sha256}`, { credentials: "omit", cache: "no-store" });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(response.status);
  return (await response.json()).page;
}

async function judge(file) {
  if (file.size === 0) return ["empty"];
  if (file.size > LARGEST) return ["huge"];
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return ["unreadable"];
  }
  const head = new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength));
  if (!MARK.every((byte, place) => head[place] === byte)) return ["not-pdf"];
  const sha256 = await digest(bytes);
  const wanted = block.dataset.sha256;
  if (wanted && sha256 === wanted) return ["same"];
  try {
    const page = await ask(sha256);
    if (page) return [wanted ? "other" : "ours", page];
    return [wanted ? "differs" : "unknown"];
  } catch {
    return [wanted ? "differs" : "away"]; // that it is not this document's file is known without asking
  }
}

block.hidden = false;
if (globalThis.crypto?.subtle) {
  input.addEventListener("change", async () => {
    const mine = ++turn;
    const file = input.files[0];
    if (!file) {
      answer.replaceChildren();
      delete answer.dataset.answer;
      return;
    }
    say("working");
    const found = await judge(file);
    if (mine === turn) say(...found);
  });
} else {
  input.disabled = true;
  say("no-crypto");
}
