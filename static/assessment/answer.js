// Words of a template go where the cursor is, Ctrl+Enter sends, and what was written outlives a lost connection.
const form = document.getElementById("answer-form");
const words = form.querySelector("[data-keep]");
const key = form.dataset.keepAs;

// In this tab only, for one answer: the key counts those that were given, so the next answer begins empty. What a refusal
// brought back is kept too, so that it outlives a second attempt.
if (words.value) sessionStorage.setItem(key, words.value);
else words.value = sessionStorage.getItem(key) || "";
words.addEventListener("input", () => sessionStorage.setItem(key, words.value));

// On a phone the file's picture would stand between the name and the answer.
if (window.matchMedia("(max-width: 48rem)").matches) {
  for (const preview of document.querySelectorAll(".queue-preview[open]")) preview.open = false;
}

const insert = form.querySelector("[name=insert]");
if (insert) {
  insert.addEventListener("click", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("[name=template]").selectedOptions[0];
    words.setRangeText(chosen.dataset.words, words.selectionStart, words.selectionEnd, "end");
    words.dispatchEvent(new Event("input"));
    words.focus();
  });
}

words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.btn-primary"));
  }
});
