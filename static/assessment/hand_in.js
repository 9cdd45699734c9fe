// What is written for an assignment outlives a lost connection or session, and files are looked at before they are sent.
const form = document.getElementById("hand-in");

if (form) {
  const text = form.querySelector("[data-keep]");
  const files = form.querySelector('input[type="file"]');
  const button = form.querySelector('button[type="submit"]');
  const key = form.dataset.keepAs;

  // In this tab only, so that on a shared computer nobody else finds it.
  if (!text.value) text.value = sessionStorage.getItem(key) || "";
  text.addEventListener("input", () => sessionStorage.setItem(key, text.value));

  files.addEventListener("change", () => {
    const chosen = [...files.files];
    const large = chosen.find((file) => file.size > Number(form.dataset.largest));
    let complaint = "";
    if (chosen.length > Number(form.dataset.most)) complaint = form.dataset.tooMany;
    else if (large) complaint = `${large.name}: ${form.dataset.tooLarge}`;
    files.setCustomValidity(complaint);
    if (complaint) files.reportValidity();
  });

  form.addEventListener("submit", () => {
    sessionStorage.setItem(`${key}-sent`, text.value);
    button.disabled = true; // a second press is the same version anyway
    button.textContent = form.dataset.sending;
  });
  // Back from another page: the button must work again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

// The receipt is there: what was sent is kept by the institute now.
if (document.querySelector(".work-version")) {
  const kept = form?.dataset.keepAs;
  const sent = kept && sessionStorage.getItem(`${kept}-sent`);
  if (sent !== null && sent !== undefined && document.querySelector(".alert-success")) {
    sessionStorage.removeItem(kept);
    sessionStorage.removeItem(`${kept}-sent`);
    const text = form.querySelector("[data-keep]");
    if (text.value === sent) text.value = "";
  }
}
