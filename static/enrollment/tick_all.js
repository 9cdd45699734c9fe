// One box ticks or clears all the people above an order.
const all = document.getElementById("tick-all");
const people = [...document.querySelectorAll('input[name="people"]')];

function show() {
  const ticked = people.filter((box) => box.checked).length;
  all.checked = ticked === people.length;
  all.indeterminate = ticked > 0 && ticked < people.length;
}

if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of people) box.checked = all.checked;
  });
  for (const box of people) box.addEventListener("change", show);
  show();
}
