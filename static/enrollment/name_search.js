// The field in which names are typed gets the label of the choice that it belongs to, for those who hear the page.
window.addEventListener("load", () => {
  for (const field of document.querySelectorAll(".select2-search__field")) {
    const label = field.closest(".form-row")?.querySelector("label");
    if (label) field.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }
});
