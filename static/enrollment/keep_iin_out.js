// Twelve digits in the search field are an IIN: they are posted instead, because a search stands in the address.
const search = document.getElementById("changelist-search");
const posted = document.getElementById("iin-form");

search?.addEventListener("submit", (event) => {
  const text = search.elements.q.value.replace(/[\s-]+/g, "");
  const found = /\d{12}/.exec(text);
  if (found && posted) {
    event.preventDefault();
    posted.elements.iin.value = found[0];
    posted.submit();
  }
});
