// Live search in the glossary. Letters fold as in the server's search key, whose table the page carries.
const section = document.querySelector("[data-glossary]");
if (section) {
  const folding = JSON.parse(section.dataset.folding);
  const field = section.querySelector("input[name=q]");
  const entries = [...section.querySelectorAll("[data-key]")];
  const count = section.querySelector("[data-found]");
  const none = section.querySelector("[data-none]");

  // Accents and apostrophes do not count, other marks part words.
  const foldOne = (letter) => {
    if (letter in folding) return folding[letter];
    if (/[\p{M}\p{Cf}'’‘ʼʻ`´′]/u.test(letter)) return "";
    const bare = letter.normalize("NFD").replace(/\p{M}/gu, "");
    return /^[\p{L}\p{N}]+$/u.test(bare) ? bare : " ";
  };
  const fold = (text) => [...text.normalize("NFC").toLowerCase()].map(foldOne).join("");

  const search = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of entries) {
      const fits = words.every((word) => entry.dataset.key.includes(word));
      entry.hidden = !fits;
      found += fits;
    }
    count.textContent = String(found);
    none.hidden = found > 0;
  };

  field.addEventListener("input", search);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}
